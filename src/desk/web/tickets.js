/* tickets.js - the part of the page for tickets and the bundles that belong to them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { announce, field, fill, make, say } from "./elements.js";
import { word } from "./words.js";

const when = (seconds) => new Date(seconds * 1000).toLocaleString(document.documentElement.lang,
  { dateStyle: "medium", timeStyle: "short" });
const size = (bytes) => `${Math.ceil(bytes / 1024).toLocaleString(document.documentElement.lang)} KiB`;

export class TicketsPart {
  constructor() {
    this.element = make("section", { class: "tickets" });
    this.translate();
  }

  translate() {
    this.results = make("div", { class: "card results" });
    this.detail = make("div", { class: "card detail", hidden: true });
    this.element.replaceChildren(make("h2", { tabindex: "-1" }, word("tickets")),
      make("form", { class: "card", role: "search", onsubmit: (event) => {
        event.preventDefault();
        this.load(new FormData(event.target).get("words").trim());
      } }, field("words", word("search-words"), null,
        make("input", { id: "words", name: "words", type: "search" }),
        make("button", { class: "main", type: "submit" }, word("search")))),
      this.results, this.detail);
  }

  draw() {
    this.load("");
  }

  async load(words) {
    const query = words ? `?${new URLSearchParams({ words })}` : "";
    const { status, body } = await say(`tickets${query}`).catch(() => ({ status: 0 }));
    if (status !== 200) {
      fill(this.results, make("p", { class: "problem" }, word("unreachable")));
      return;
    }
    fill(this.results, body.tickets.length === 0 ? make("p", {}, word("no-tickets"))
      : make("table", { class: "list" },
        make("thead", {}, make("tr", {}, ["ticket", "state", "received", "cause"]
          .map((key) => make("th", { scope: "col" }, word(key))))),
        make("tbody", {}, body.tickets.map((ticket) => this.buildRow(ticket)))));
  }

  buildRow({ ticket, state, created, summary }) {
    return make("tr", { "data-ticket": ticket },
      make("th", { scope: "row" }, make("button", { type: "button", class: "link",
        onclick: () => this.open(ticket) }, ticket)),
      make("td", {}, state), make("td", {}, when(created)),
      make("td", {}, summary?.title ?? summary?.cause ?? "–"));
  }

  async open(ticket) {
    const { status, body } = await say(`tickets/${encodeURIComponent(ticket)}`)
      .catch(() => ({ status: 0 }));
    if (status !== 200) return;
    this.detail.hidden = false;
    fill(this.detail, make("h3", { tabindex: "-1" }, `${word("ticket")} ${ticket}`),
      make("p", {}, `${word("state")}: ${body.state}`),
      make("dl", {}, Object.entries(body.details?.summary ?? {})
        .filter(([, value]) => typeof value !== "object")
        .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, String(value))])),
      make("h4", {}, word("bundles")),
      make("ul", {}, (body.bundles ?? []).map((bundle) => make("li", {},
        make("a", { download: true, href: `tickets/${encodeURIComponent(ticket)}/bundles/`
          + encodeURIComponent(bundle.sha256) },
        `${when(bundle.received)}, ${size(bundle.size)}${bundle.sealed ? " (.p7m)" : ""}`)))));
    this.detail.querySelector("h3").focus();
    announce(`${word("ticket")} ${ticket}`);
  }
}
