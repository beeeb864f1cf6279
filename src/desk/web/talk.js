/* talk.js - messages between agent and merchant, and the session's log
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { field, fill, make } from "./elements.js";
import { word } from "./words.js";

export class Talk {
  constructor(chat, log, write) {
    this.chat = chat;
    this.log = log;
    this.write = write;
    this.list = make("ol", { class: "messages" });
  }

  clear() {
    this.list.replaceChildren();
  }

  add({ who, text }) {
    this.list.append(make("li", { class: who },
      make("strong", {}, word(who)), make("bdi", {}, text)));
    this.list.parentElement?.scrollTo(0, this.list.parentElement.scrollHeight);
  }

  draw(session) {
    const watching = session?.state === "watching";
    this.chat.hidden = !watching && !this.list.firstChild;
    if (!this.chat.firstChild)
      this.chat.append(make("h3", { id: "chat-heading" }, word("chat")),
        make("p", { class: "help" }, word("chat-help")),
        make("div", { role: "log", "aria-labelledby": "chat-heading", class: "scroll",
          tabindex: "0" }, this.list),
        make("form", { onsubmit: (event) => this.send(event) },
          field("message", word("message"), null,
            make("input", { id: "message", name: "text", maxlength: 500, autocomplete: "off" }),
            make("button", { type: "submit" }, word("send")))));
    this.chat.querySelector("form").hidden = !watching;
    this.drawLog(session);
  }

  send(event) {
    event.preventDefault();
    const text = new FormData(event.target).get("text").trim();
    if (!text) return;
    this.write(text);
    event.target.reset();
  }

  drawLog(session) {
    const lines = session?.lines ?? [];
    this.log.hidden = lines.length === 0;
    if (lines.length === 0) {
      this.log.replaceChildren();
      return;
    }
    fill(this.log, make("details", { "data-id": "log" },
      make("summary", {}, word("log")),
      make("p", { class: "help" }, word("log-sound", { n: lines.length,
        head: lines.at(-1).head.slice(0, 16) })),
      session.state === "ended" && make("p", { class: session.confirmed ? "help" : "problem",
        id: "log-end" }, word(session.confirmed ? "log-whole" : "log-cut")),
      make("ol", { class: "log-list" }, lines.map(({ line }) => make("li", {}, line))),
      make("button", { type: "button", id: "download", onclick: () => this.save(session) },
        word("download"))));
  }

  save(session) {
    const blob = new Blob([session.buildLog()], { type: "application/x-ndjson" });
    const link = make("a", { href: URL.createObjectURL(blob), download: "guided.jsonl" });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
