/* guided.js - the part of the page for one guided session
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { announce, field, fill, make, say } from "./elements.js";
import { GuidedSession } from "./session.js";
import { drawCauses, drawObservations, drawPath, drawPayment, drawSteps, drawTerminal }
  from "./view.js";
import { getLanguage, word } from "./words.js";

const REFRESH_MS = 5000;
const REQUESTS = [["suggest-step", "steps", "suggest"], ["ask", "questions", "ask-button"],
  ["run-check", "checks", "run"]];

export class GuidedPart {
  constructor() {
    this.element = make("section", { class: "guided" });
    this.translate();
  }

  translate() {
    this.session?.read(getLanguage());
    this.areas = Object.fromEntries(["banner", "join", "path", "causes", "payment", "steps",
      "terminal", "observations", "requests", "asked", "chat", "log"]
      .map((id) => [id, make("section", { class: `card ${id}`, id })]));
    this.waiting = make("div", { class: "waiting" });
    this.messageList = make("ol", { class: "messages", role: "log" });
    for (const message of this.messages ?? []) this.addMessage(message);
    const { banner, join, requests, asked, chat, log, ...left } = this.areas;
    this.element.replaceChildren(make("h2", { tabindex: "-1" }, word("sessions")), banner, join,
      make("div", { class: "columns" },
        make("div", { class: "column" }, Object.values(left)),
        make("div", { class: "column" }, requests, asked, chat, log)));
    this.draw();
  }

  hide() {
    clearInterval(this.refresh);
    this.refresh = null;
  }

  async leave() {
    await this.session?.leave();
  }

  draw() {
    this.drawBanner();
    this.drawJoin();
    this.drawView(null);
    this.drawRequests();
    this.drawAsked();
    this.drawChat();
    this.drawLog();
    this.element.classList.toggle("watching", Boolean(this.isShown()));
  }

  /* What was seen stays on the page after the end, until a new session. */
  isShown() {
    return this.session && Object.keys(this.session.view).length > 0;
  }

  /* ---- waiting and joining ---- */

  drawJoin() {
    const idle = !this.session;
    this.areas.join.hidden = !idle;
    if (!idle) {
      this.hide();
      return;
    }
    if (!this.areas.join.firstChild)
      this.areas.join.append(
        make("form", { onsubmit: (event) => this.join(event) },
          field("code", word("code"), word("code-format"),
            make("input", { id: "code", name: "code", inputmode: "numeric", autocomplete: "off",
              required: true, placeholder: "000-000-000", "aria-describedby": "code-help" }),
            make("button", { class: "main", type: "submit" }, word("join"))),
          make("p", { class: "problem", id: "code-problem", role: "alert" })),
        make("h3", {}, word("waiting")), this.waiting);
    if (!this.refresh && this.element.isConnected) {
      this.refresh = setInterval(() => this.loadWaiting(), REFRESH_MS);
      this.loadWaiting();
    }
  }

  async loadWaiting() {
    const { status, body } = await say("guided/waiting").catch(() => ({ status: 0 }));
    if (status !== 200) return;
    const rows = body.sessions.map((entry) => make("li", {}, word("waiting-row", {
      provider: entry.provider || "–", language: entry.language || "–",
      minutes: Math.floor(entry.waits_s / 60) })));
    fill(this.waiting, rows.length ? make("ul", {}, rows) : make("p", {}, word("waiting-none")));
  }

  join(event) {
    event.preventDefault();
    const digits = new FormData(event.target).get("code").normalize("NFKC").replace(/\D/g, "");
    if (digits.length !== 9) {
      this.complain(word("code-format"));
      return;
    }
    const code = digits.replace(/(...)(...)(...)/, "$1-$2-$3");
    if (this.line) {
      this.line.claim(code);
      return;
    }
    const url = new URL("guided/agent", document.baseURI);
    url.protocol = url.protocol.replace("http", "ws");
    this.line = new GuidedSession(url, getLanguage());
    this.listen(this.line);
    this.line.addEventListener("state", function claimOnce({ detail }) {
      if (detail !== "ready") return;
      this.removeEventListener("state", claimOnce);
      this.claim(code);
    });
  }

  complain(text) {
    const problem = this.element.querySelector("#code-problem");
    if (problem) problem.textContent = text;
  }

  listen(session) {
    session.addEventListener("state", ({ detail }) => this.takeState(session, detail));
    session.addEventListener("claim-refused", ({ detail }) => this.complain(
      word(detail.problem, { seconds: detail.wait_s ?? 0 })));
    session.addEventListener("number", () => this.draw());
    session.addEventListener("view", ({ detail }) => this.drawView(detail));
    session.addEventListener("request", () => this.drawAsked());
    session.addEventListener("log", () => this.drawLog());
    session.addEventListener("line", ({ detail }) => { this.lineUp = detail; this.drawBanner(); });
    session.addEventListener("peer", ({ detail }) => {
      this.peerGone = detail === "gone";
      this.drawBanner();
    });
    session.addEventListener("message", ({ detail }) => this.takeMessage(detail));
  }

  takeState(session, state) {
    if (state === "joining") {
      this.session = session;
      this.messages = [];
      this.messageList.replaceChildren();
      this.complain("");
      this.element.querySelector("#join form")?.reset();
      addEventListener("beforeunload", this.warn);
    }
    if (state === "ended") {
      this.line = null;
      removeEventListener("beforeunload", this.warn);
      if (!this.session) this.complain(word("unreachable"));
    }
    if (this.session) {
      this.draw();
      announce(this.describeState());
    }
  }

  /* Keys live in this page alone: leaving it ends the session. */
  warn = (event) => event.preventDefault();

  /* ---- the session ---- */

  describeState() {
    const { state, compared, reason } = this.session;
    if (state === "ended")
      return word("state-ended", { reason: word(`end-${reason}`, {}, word("end-ended")) });
    return word(state === "comparing" && compared ? "state-compared" : `state-${state}`);
  }

  drawBanner() {
    const { session } = this;
    this.areas.banner.hidden = !session;
    if (!session) return;
    const over = session.state === "ended";
    const comparing = session.state === "comparing";
    fill(this.areas.banner,
      make("p", { class: "state" }, this.describeState()),
      !over && this.lineUp === false && make("p", { class: "problem" }, word("line-down")),
      !over && this.peerGone && make("p", { class: "problem" }, word("peer-gone")),
      comparing && make("p", { class: "number", "aria-label":
        `${word("number")}: ${[...session.keys.comparison].join(" ")}` },
      session.keys.comparison.replace(/(...)/, "$1 ")),
      comparing && !session.compared && make("div", { class: "row" },
        make("button", { class: "main", type: "button", id: "same",
          onclick: () => session.compare(true) }, word("same")),
        make("button", { type: "button", id: "differs",
          onclick: () => session.compare(false) }, word("differs"))),
      over ? make("button", { class: "main", type: "button", id: "again",
        onclick: () => this.startAgain() }, word("again"))
        : make("button", { class: "danger", type: "button", id: "leave",
          onclick: () => session.leave() }, word("leave")));
  }

  startAgain() {
    this.session = null;
    this.messages = [];
    this.messageList.replaceChildren();
    this.draw();
    this.element.querySelector("#code")?.focus();
  }

  drawView(section) {
    const { areas } = this;
    const view = this.session?.view ?? {};
    const shown = Boolean(this.isShown());
    const draw = (name, area, build) => {
      areas[area].hidden = !shown;
      if (shown && (section === null || name.includes(section))) fill(areas[area], build());
    };
    draw(["stations"], "path", () => drawPath(view.stations ?? []));
    draw(["causes", "head"], "causes", () => drawCauses(view.head, view.causes ?? []));
    draw(["payment"], "payment", () => drawPayment(view.payment));
    draw(["steps", "step", "head"], "steps",
      () => drawSteps(view.head, view.step, view.steps ?? []));
    draw(["terminal"], "terminal", () => drawTerminal(view.terminal));
    draw(["observations"], "observations", () => drawObservations(view.observations ?? []));
    areas.terminal.hidden = !view.terminal;
    this.element.classList.toggle("watching", shown);
    if (section === null || section === "offers") this.drawRequests();
  }

  drawRequests() {
    const { session } = this;
    const watching = session?.state === "watching";
    const offers = session?.view.offers;
    this.areas.requests.hidden = !watching || !offers;
    if (this.areas.requests.hidden) return;
    fill(this.areas.requests, make("h3", {}, word("requests")),
      make("p", { class: "help" }, word("requests-help")),
      REQUESTS.map(([type, list, button]) => this.buildRequest(type, offers[list] ?? [], button)),
      offers.bundle && make("button", { type: "button", id: "request-bundle",
        onclick: () => session.request("request-bundle") }, word("request-bundle")));
  }

  buildRequest(type, entries, button) {
    const select = make("select", { id: type },
      entries.map(({ id, title }) => make("option", { value: id }, title ?? word(`check-${id}`))));
    return field(type, word(type), null, select,
      make("button", { type: "button", disabled: entries.length === 0, id: `${type}-button`,
        onclick: () => this.session.request(type,
          this.element.querySelector(`#${type}`).value) }, word(button)));
  }

  titleOf({ type, subject }) {
    const list = REQUESTS.find(([id]) => id === type)?.[1];
    const entry = this.session.view.offers?.[list]?.find(({ id }) => id === subject);
    return entry ? `${word(type)}: ${entry.title ?? word(`check-${subject}`)}` : word(type);
  }

  drawAsked() {
    const requests = this.session ? [...this.session.requests.values()] : [];
    this.areas.asked.hidden = requests.length === 0;
    fill(this.areas.asked, make("h3", {}, word("asked")), make("ol", { class: "asked-list" },
      requests.map((request) => make("li", { "data-request": request.number,
        "data-status": request.status },
      make("span", {}, this.titleOf(request)),
      make("strong", {}, word(`status-${request.status}`)),
      request.value !== undefined && make("span", { class: "value" },
        typeof request.value === "string" ? request.value : JSON.stringify(request.value))))));
    const last = requests.at(-1);
    if (last) announce(`${this.titleOf(last)}: ${word(`status-${last.status}`)}`);
  }

  /* ---- messages and log ---- */

  takeMessage(message) {
    this.messages.push(message);
    this.addMessage(message);
  }

  addMessage({ who, text }) {
    this.messageList.append(make("li", { class: who },
      make("strong", {}, word(who)), make("span", {}, text)));
  }

  drawChat() {
    const watching = this.session?.state === "watching";
    this.areas.chat.hidden = !watching && !this.messages?.length;
    if (!this.areas.chat.firstChild)
      this.areas.chat.append(make("h3", {}, word("chat")),
        make("p", { class: "help" }, word("chat-help")), this.messageList,
        make("form", { onsubmit: (event) => this.sendMessage(event) },
          field("message", word("message"), null,
            make("input", { id: "message", name: "text", maxlength: 500, autocomplete: "off" }),
            make("button", { type: "submit" }, word("send")))));
    this.areas.chat.querySelector("form").hidden = !watching;
  }

  sendMessage(event) {
    event.preventDefault();
    const text = new FormData(event.target).get("text").trim();
    if (!text) return;
    this.session.say(text);
    this.takeMessage({ who: "you", text });
    event.target.reset();
  }

  drawLog() {
    const lines = this.session?.lines ?? [];
    this.areas.log.hidden = lines.length === 0;
    if (lines.length === 0) return;
    fill(this.areas.log, make("details", { "data-id": "log" },
      make("summary", {}, word("log")),
      make("p", { class: "help" }, word("log-sound", { n: lines.length,
        head: lines.at(-1).head.slice(0, 16) })),
      make("ol", { class: "log-list" }, lines.map(({ line }) => make("li", {}, line))),
      make("button", { type: "button", onclick: () => this.save() }, word("download"))));
  }

  save() {
    const blob = new Blob([this.session.buildLog()], { type: "application/x-ndjson" });
    const link = make("a", { href: URL.createObjectURL(blob), download: "guided.jsonl" });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
