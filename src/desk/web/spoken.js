/* spoken.js - reads the code that a merchant without internet says on the phone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { field, fill, make, say } from "./elements.js";
import { getLanguage, word } from "./words.js";

export class SpokenPart {
  constructor() {
    this.element = make("section", { class: "spoken" });
    this.translate();
  }

  translate() {
    const typed = this.element.querySelector("#spoken")?.value ?? "";
    this.result = make("div", { class: "card result", hidden: true });
    this.element.replaceChildren(make("h2", { tabindex: "-1" }, word("spoken")),
      make("form", { class: "card", onsubmit: (event) => {
        event.preventDefault();
        this.read(new FormData(event.target).get("spoken"));
      } }, field("spoken", word("spoken"), word("spoken-help"),
        make("input", { id: "spoken", name: "spoken", autocomplete: "off", autocapitalize: "none",
          spellcheck: "false", "aria-describedby": "spoken-help" }),
        make("button", { class: "main", type: "submit" }, word("read")))), this.result);
    this.element.querySelector("#spoken").value = typed;
    if (this.shown) this.read(this.shown);
  }

  draw() {}

  async read(text) {
    this.shown = text;
    const query = new URLSearchParams({ code: text, language: getLanguage() });
    const { status, body } = await say(`spoken?${query}`).catch(() => ({ status: 0 }));
    this.result.hidden = false;
    if (status !== 200) {
      const problem = word(status === 0 ? "unreachable"
        : body.error === "spoken-version" ? "spoken-version" : "spoken-wrong");
      fill(this.result, make("p", { class: "problem", role: "alert" }, problem));
      this.element.querySelector("#spoken").focus();
      return;
    }
    fill(this.result, make("h3", { tabindex: "-1" }, body.texts?.cause ?? word("cause-unknown")),
      make("p", {}, word(`confidence-${body.confidence}`)), this.buildFacts(body));
    this.result.querySelector("h3").focus();
  }

  buildFacts({ code, texts = {}, failed }) {
    const rows = [["spoken-code", code === "unknown" ? word("unknown") : code],
      ["payment", texts.payment ?? word("unknown")],
      ["spoken-connection", texts.connection ?? word("unknown")],
      ["spoken-answered", texts.answered ?? word("unknown")]];
    return [make("dl", {}, rows.flatMap(([key, value]) =>
      [make("dt", {}, word(key)), make("dd", {}, value)])),
    make("h4", {}, word("spoken-failed")),
    failed.length ? make("ol", {}, (texts.failed ?? failed).map((text) => make("li", {}, text)))
      : make("p", {}, word("no-steps"))];
  }
}
