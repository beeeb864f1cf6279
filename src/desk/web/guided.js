/* guided.js - the part of the page for one guided session: joining, its state, what is shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { Asking } from "./asking.js";
import { announce, field, fill, make, say } from "./elements.js";
import { hold, prepare, take } from "./keep.js";
import { GuidedSession } from "./session.js";
import { Talk } from "./talk.js";
import { drawCauses, drawFacts, drawObservations, drawPath, drawPayment, drawSteps, drawTerminal }
  from "./view.js";
import { getLanguage, word } from "./words.js";

const REFRESH_MS = 5000;
const AREAS = ["banner", "join", "path", "causes", "payment", "steps", "terminal", "observations",
  "requests", "asked", "chat", "log"];

const agentUrl = () => {
  const url = new URL("guided/agent", document.baseURI);
  url.protocol = url.protocol.replace("http", "ws");
  return url;
};

export class GuidedPart {
  /* @agent: the name of who is signed in. */
  constructor(agent) {
    this.agent = agent;
    this.element = make("section", { class: "guided" });
    this.messages = [];
    this.translate();
    addEventListener("pagehide", () => this.moveOut());
    /* A page that comes out of the browser's store has given its session away. */
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  }

  translate() {
    this.session?.read(getLanguage());
    this.areas = Object.fromEntries(AREAS.map((id) =>
      [id, make("section", { class: `card ${id}`, id })]));
    this.asking = new Asking(this.areas.requests, this.areas.asked);
    this.talk = new Talk(this.areas.chat, this.areas.log, (text) => this.write(text));
    for (const message of this.messages) this.talk.add(message);
    this.waiting = make("div", { class: "waiting" });
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

  /* Whoever works with the keyboard or by ear stays where the page goes on: what had the focus may
   * be gone. */
  keepFocus(change) {
    const was = document.activeElement;
    const mine = this.element.contains(was);
    change();
    const now = document.activeElement;
    if (mine && (now === document.body || !now.isConnected || !now.checkVisibility()))
      this.element.querySelector(".state, h2").focus();
  }

  draw() {
    this.keepFocus(() => {
      this.drawBanner();
      this.drawJoin();
      this.drawView(null);
      this.asking.draw(this.session);
      this.talk.draw(this.session);
      this.element.classList.toggle("watching", Boolean(this.isShown()));
    });
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
              required: true, placeholder: "000-000-000",
              "aria-describedby": "code-help code-problem" }),
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
    this.line = new GuidedSession(agentUrl(), getLanguage());
    this.listen(this.line);
    this.line.addEventListener("state", function claimOnce({ detail }) {
      if (detail !== "ready") return;
      this.removeEventListener("state", claimOnce);
      this.claim(code);
    });
    this.line.connect();
  }

  complain(text) {
    const problem = this.element.querySelector("#code-problem");
    if (problem) problem.textContent = text;
    if (text) this.element.querySelector("#code")?.focus();
  }

  /* ---- reloading ---- */

  moveOut() {
    const kept = this.session?.moveOut();
    if (kept) hold({ ...kept, agent: this.agent, messages: this.messages, since: this.since });
  }

  /* The session that this tab's page had before it was reloaded, for the same agent only. */
  async resume() {
    prepare();
    const kept = await take();
    if (!kept || kept.agent !== this.agent || this.line) return;
    const { agent, messages, since, ...rest } = kept;
    this.session = this.line = GuidedSession.revive(agentUrl(), rest);
    this.since = since;
    for (const message of messages) this.takeMessage(message);
    this.listen(this.session);
    this.draw();
    announce(word("resumed"));
    this.session.read(getLanguage());
    this.session.connect();
  }

  /* ---- the session ---- */

  listen(session) {
    session.addEventListener("state", ({ detail }) => this.takeState(session, detail));
    session.addEventListener("claim-refused", ({ detail }) => this.complain(
      word(detail.problem, { seconds: detail.wait_s ?? 0 })));
    session.addEventListener("number", () => this.draw());
    session.addEventListener("view", ({ detail }) => this.takeView(detail));
    session.addEventListener("request", () => this.keepFocus(() => this.asking.drawAsked(session)));
    session.addEventListener("log", () => this.talk.drawLog(session));
    session.addEventListener("line", ({ detail }) => this.takeLine("lineDown", !detail, "line-down",
      "line-up"));
    session.addEventListener("peer", ({ detail }) => this.takeLine("peerGone", detail === "gone",
      "peer-gone", "peer-back"));
    session.addEventListener("message", ({ detail }) => this.takeMessage(detail));
  }

  takeLine(what, bad, badWord, goodWord) {
    if (Boolean(this[what]) === bad) return;
    this[what] = bad;
    this.drawBanner();
    if (this.session) announce(word(bad ? badWord : goodWord));
  }

  takeState(session, state) {
    if (state === "joining") {
      this.session = session;
      this.since = Date.now();
      this.messages = [];
      this.talk.clear();
      this.complain("");
      this.element.querySelector("#join form")?.reset();
    }
    if (state === "ended") {
      this.line = null;
      if (!this.session) this.complain(word("unreachable"));
    }
    if (this.session) {
      this.draw();
      announce(this.describeState());
    }
  }

  takeView(section) {
    const headline = this.headline;
    this.keepFocus(() => this.drawView(section));
    this.headline = this.session?.view.head?.headline;
    if (headline && headline !== this.headline) announce(this.headline);
  }

  takeMessage(message) {
    this.messages.push(message);
    this.talk.add(message);
  }

  write(text) {
    this.session.say(text);
    this.takeMessage({ who: "you", text });
  }

  describeState() {
    const { state, compared, reason } = this.session;
    if (state === "ended")
      return word("state-ended", { reason: word(`end-${reason}`, {}, word("end-ended")) });
    return word(state === "comparing" && compared ? "state-compared" : `state-${state}`);
  }

  drawNumber() {
    const { comparison } = this.session.keys;
    return [make("p", { class: "unseen" }, `${word("number")}: ${[...comparison].join(" ")}`),
      make("p", { class: "number", "aria-hidden": "true" }, comparison.replace(/(...)/, "$1 "))];
  }

  drawBanner() {
    const { session } = this;
    this.areas.banner.hidden = !session;
    if (!session) return;
    const over = session.state === "ended";
    const comparing = session.state === "comparing";
    const since = new Date(this.since).toLocaleTimeString(document.documentElement.lang,
      { hour: "2-digit", minute: "2-digit" });
    fill(this.areas.banner,
      make("div", { class: "what" },
        make("p", { class: "state", tabindex: "-1" }, this.describeState()),
        !over && this.lineDown && make("p", { class: "problem" }, word("line-down")),
        !over && this.peerGone && make("p", { class: "problem" }, word("peer-gone")),
        comparing && this.drawNumber(),
        comparing && !session.compared && make("div", { class: "row" },
          make("button", { class: "main", type: "button", id: "same",
            onclick: () => session.compare(true) }, word("same")),
          make("button", { type: "button", id: "differs",
            onclick: () => session.compare(false) }, word("differs")))),
      make("p", { class: "help since" }, word("since", { time: since })),
      over ? make("button", { class: "main", type: "button", id: "again",
        onclick: () => this.startAgain() }, word("again"))
        : make("button", { class: "danger", type: "button", id: "leave",
          onclick: () => session.leave() }, word("leave")));
  }

  startAgain() {
    this.session = this.headline = null;
    this.messages = [];
    this.talk.clear();
    this.draw();
    this.element.querySelector("#code")?.focus();
  }

  drawView(section) {
    const { areas } = this;
    const view = this.session?.view ?? {};
    const shown = Boolean(this.isShown());
    const draw = (names, area, build) => {
      areas[area].hidden = !shown;
      if (shown && (section === null || names.includes(section))) fill(areas[area], build());
    };
    draw(["stations", "head"], "path", () => [drawPath(view.stations ?? []), drawFacts(view.head)]);
    draw(["causes", "head"], "causes", () => drawCauses(view.head, view.causes ?? []));
    draw(["payment"], "payment", () => drawPayment(view.payment));
    draw(["steps", "step", "head"], "steps",
      () => drawSteps(view.head, view.step, view.steps ?? []));
    draw(["terminal"], "terminal", () => drawTerminal(view.terminal));
    draw(["observations"], "observations", () => drawObservations(view.observations ?? []));
    areas.terminal.hidden = !view.terminal;
    this.element.classList.toggle("watching", shown);
    if (["offers", "step", null].includes(section)) this.asking.drawRequests(this.session);
  }
}
