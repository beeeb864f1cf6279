/* asking.js - what the agent may ask for, and what became of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { announce, field, fill, make } from "./elements.js";
import { word } from "./words.js";

/* kind of request, its list among the offers, the words of its button, the kind of next step that
 * recommends one of the list */
const REQUESTS = [["suggest-step", "steps", "suggest", "action"],
  ["ask", "questions", "ask-button", "question"], ["run-check", "checks", "run", null]];

export class Asking {
  constructor(requests, asked) {
    this.requests = requests;
    this.asked = asked;
    this.told = new Map();
  }

  draw(session) {
    this.drawRequests(session);
    this.drawAsked(session);
  }

  drawRequests(session) {
    const offers = session?.view.offers;
    this.requests.hidden = session?.state !== "watching" || !offers;
    if (this.requests.hidden) {
      /* Its buttons speak for this session only. */
      this.requests.replaceChildren();
      return;
    }
    fill(this.requests, make("h3", {}, word("requests")),
      make("p", { class: "help" }, word("requests-help")),
      REQUESTS.map(([type, list, button, kind]) => this.buildRequest(session, type,
        offers[list] ?? [], button, kind && session.view.step?.kind === kind
          ? session.view.step.id : null)),
      offers.bundle && make("button", { type: "button", id: "request-bundle",
        onclick: () => session.request("request-bundle") }, word("request-bundle")));
  }

  /* What the program itself would do next stands first. */
  buildRequest(session, type, entries, button, next) {
    const title = ({ id, title: text }) => text ?? word(`check-${id}`);
    const sorted = [...entries].sort((a, b) => (b.id === next) - (a.id === next));
    const select = make("select", { id: type }, sorted.map((entry) =>
      make("option", { value: entry.id }, entry.id === next
        ? `${word("next-step")}: ${title(entry)}` : title(entry))));
    return field(type, word(type), null, select,
      make("button", { type: "button", disabled: entries.length === 0, id: `${type}-button`,
        onclick: () => session.request(type, this.requests.querySelector(`#${type}`).value) },
      word(button)));
  }

  titleOf(session, { type, subject }) {
    const list = REQUESTS.find(([id]) => id === type)?.[1];
    const entry = session.view.offers?.[list]?.find(({ id }) => id === subject);
    return entry ? `${word(type)}: ${entry.title ?? word(`check-${subject}`)}` : word(type);
  }

  drawAsked(session) {
    const requests = session ? [...session.requests.values()] : [];
    this.asked.hidden = requests.length === 0;
    fill(this.asked, make("h3", {}, word("asked")), make("ol", { class: "asked-list" },
      requests.map((request) => make("li", { "data-request": request.number,
        "data-status": request.status },
      make("span", {}, this.titleOf(session, request)),
      make("strong", {}, word(`status-${request.status}`)),
      request.status === "refused" && make("span", { class: "help" },
        word(`why-${request.why}`, {}, "")),
      request.value !== undefined && make("span", { class: "value" },
        typeof request.value === "string" ? request.value : JSON.stringify(request.value))))));
    this.tellNews(session, requests);
  }

  tellNews(session, requests) {
    if (requests.length === 0) this.told.clear();
    for (const request of requests) {
      if (this.told.get(request.number) === request.status) continue;
      this.told.set(request.number, request.status);
      announce(`${this.titleOf(session, request)}: ${word(`status-${request.status}`)}`);
    }
  }
}
