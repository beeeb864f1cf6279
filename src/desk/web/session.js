/* session.js - the agent's end of a guided session: numbering, keys, seal, log, resume
 *
 * The rules are those of src/wire/README.md. The page hears of everything through events:
 *   state, number, view, request, message, log, line, claim-refused, ended
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { Keys, KEY_SIZE, NONCE_SIZE, computeCommitment, fromBase64, hashText, isSame, toBase64 }
  from "./keys.js";

const PROTOCOL = "posaid.guided.v1";
const VERSION = 1;
const FRAME_MAX = 32 * 1024;
const WINDOW = 64;
const ACKNOWLEDGE_AFTER = 16;
const HEARTBEAT_MS = 10000;
const DEAD_MS = 25000;
const RESUME_MS = 60000;
const RETRY_MS = 250;
const MAX_GAPS = 3;
/* Close codes after which a resume is of no use. */
const FINAL = new Map([[4400, "bad-frame"], [4401, "not-signed-in"], [4403, "denied"],
  [4404, "no-network"], [4409, "taken"], [4410, "ended"]]);

/* States in which there is something to go on with. */
const LIVE = new Set(["joining", "agreeing", "comparing", "watching"]);

export class GuidedSession extends EventTarget {
  constructor(url, language) {
    super();
    this.url = url;
    this.language = language;
    this.state = "connecting"; /* ready, joining, agreeing, comparing, watching, ended, moved */
    this.view = {};
    this.requests = new Map();
    this.lines = [];
    this.sent = this.pushed = this.taken = this.acknowledged = this.told = this.gaps = 0;
    this.kept = [];
    this.incoming = this.outgoing = Promise.resolve();
    this.downSince = Date.now();
    this.retryMs = RETRY_MS;
    this.beat = setInterval(() => this.look(), 1000);
  }

  /* A session that another page has left, as moveOut() gave it. */
  static revive(url, kept) {
    const self = new GuidedSession(url, kept.language);
    Object.assign(self, kept);
    if (kept.keys) self.keys = Object.assign(new Keys(), kept.keys);
    self.head = Promise.resolve(self.lines.at(-1)?.head ?? hashText("posaid-log-v1", self.session));
    return self;
  }

  /* Everything that goes on elsewhere, and the end of it here: no goodbye is said. What was being
   * sealed was never sent, so its number is free. */
  moveOut() {
    if (!LIVE.has(this.state)) return null;
    const { session, token, language, state, view, lines, taken, acknowledged, kept, compared,
      commitment, pushed } = this;
    const requests = new Map([...this.requests].filter(([, request]) => request.sent));
    const keys = this.keys && { ...this.keys, lastSealed: pushed };
    if (keys && state === "agreeing") delete keys.sealKey, delete keys.openKey;
    const socket = this.socket;
    this.state = "moved";
    this.socket = null;
    clearInterval(this.beat);
    socket?.close();
    return { session, token, language, state, view, lines, taken, acknowledged, kept, compared,
      commitment, pushed, sent: pushed, requests, keys };
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  setState(state) {
    this.state = state;
    this.tell("state", state);
  }

  /* ---- the line ---- */

  /* To be called once, when whoever listens does so. */
  connect() {
    const socket = new WebSocket(this.url, PROTOCOL);
    this.socket = socket;
    this.welcomed = false;
    this.pinged = this.ponged = 0;
    this.heard = this.lastPing = Date.now();
    socket.onopen = () => this.sendPlain({
      type: "hello", seq: 0, role: "agent", version: VERSION, language: this.language,
      ...(this.session ? { session: this.session, resume: this.token } : {}) });
    socket.onmessage = ({ data }) => {
      this.heard = Date.now();
      /* One after the other, although opening a seal takes its time. */
      this.incoming = this.incoming.then(() => socket === this.socket && this.take(data))
        .catch((error) => this.end("bad-frame", error.message));
    };
    socket.onclose = ({ code }) => socket === this.socket && this.lose(code);
  }

  isOver() {
    return this.state === "ended" || this.state === "moved";
  }

  lose(code) {
    if (this.isOver()) return;
    if (FINAL.has(code)) {
      this.end(FINAL.get(code));
      return;
    }
    this.socket = null;
    if (this.welcomed || !this.downSince) {
      this.downSince = Date.now();
      this.retryMs = 0;
    }
    this.welcomed = false;
    this.tell("line", false);
    if (!this.session && this.state !== "connecting" && this.state !== "ready") {
      this.end("no-network");
      return;
    }
    this.retryAt = Date.now() + this.retryMs;
    this.retryMs = Math.min(Math.max(this.retryMs * 2, RETRY_MS), RETRY_MS * 16);
    setTimeout(() => this.retry(), this.retryAt - Date.now());
  }

  retry() {
    if (!this.isOver() && !this.socket) this.connect();
  }

  mend() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.lose(0);
  }

  look() {
    const now = Date.now();
    if (this.downSince && now - this.downSince > RESUME_MS) this.end("no-network");
    else if (this.socket && now - this.heard > DEAD_MS) this.mend();
    else if (this.welcomed && now - this.lastPing >= HEARTBEAT_MS) this.ping();
  }

  ping() {
    this.lastPing = Date.now();
    this.sendPlain({ type: "ping", seq: 0, n: ++this.pinged, got: this.ponged });
  }

  sendPlain(frame) {
    this.told = this.taken;
    if (this.socket?.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify({ ...frame, ack: this.taken }));
  }

  /* ---- what goes out ---- */

  /* FALSE in the end: too much is under way, or it is over. */
  send(frame) {
    this.outgoing = this.outgoing.then(async () => {
      if (this.isOver() || this.kept.length >= WINDOW) return false;
      const seq = ++this.sent;
      const ack = this.taken;
      let text;
      if (this.keys?.sealKey) {
        const sealed = await this.keys.seal(seq, JSON.stringify({ ...frame, seen: ack }));
        text = JSON.stringify({ seq, ack, sealed: toBase64(sealed) });
      } else {
        text = JSON.stringify({ ...frame, seq, ack });
      }
      if (this.isOver()) return false;
      this.told = ack;
      this.pushed = seq;
      this.kept.push({ seq, text });
      if (this.welcomed) this.socket?.send(text);
      return true;
    });
    return this.outgoing;
  }

  takeAcknowledgment(ack) {
    if (!(ack > this.acknowledged && ack <= this.sent)) return;
    this.acknowledged = ack;
    this.kept = this.kept.filter((frame) => frame.seq > ack);
  }

  sendAgain(ack) {
    this.takeAcknowledgment(ack);
    for (const frame of this.kept) if (frame.seq > ack) this.socket?.send(frame.text);
  }

  /* ---- what comes in ---- */

  async take(data) {
    if (this.isOver()) return;
    if (typeof data !== "string" || data.length > FRAME_MAX) throw new Error("frame too long");
    const frame = JSON.parse(data);
    if (frame === null || typeof frame !== "object") throw new Error("not an object");
    if (!Number.isSafeInteger(frame.seq) || frame.seq < 0 || !Number.isSafeInteger(frame.ack))
      throw new Error("frame without number");
    if (frame.seq === 0) this.takeFromRelay(frame);
    else await this.takeNumbered(frame);
  }

  takeFromRelay(frame) {
    if (frame.type === "welcome") this.takeWelcome(frame);
    else if (frame.type === "pong") {
      this.ponged = Math.max(this.ponged, frame.n);
      this.takeAcknowledgment(frame.peer_ack ?? 0);
    } else if (frame.type === "result") {
      this.setState("ready");
      this.tell("claim-refused", frame);
    } else if (frame.type === "bye") this.end(frame.reason);
  }

  takeWelcome(frame) {
    const first = !this.welcomed;
    this.welcomed = true;
    this.downSince = 0;
    if (frame.session && !this.session) {
      this.session = frame.session;
      this.token = frame.resume;
      this.head = hashText("posaid-log-v1", this.session);
      this.setState("joining");
    } else if (!this.session) this.setState("ready");
    else if (frame.session !== this.session) throw new Error("another session");
    if (frame.peer !== "none" && this.session) this.sendAgain(frame.peer_ack ?? 0);
    if (first) this.tell("line", true);
    this.tell("peer", frame.peer);
  }

  async takeNumbered(frame) {
    if (frame.seq <= this.taken) return;
    if (frame.seq !== this.taken + 1) {
      if (++this.gaps > MAX_GAPS) this.end("frames-missing");
      else this.mend();
      return;
    }
    let inside = frame;
    if ((frame.sealed !== undefined) !== Boolean(this.keys?.openKey)) throw new Error("seal");
    if (frame.sealed !== undefined) {
      try {
        inside = JSON.parse(await this.keys.open(frame.seq, fromBase64(frame.sealed)));
      } catch {
        this.end("altered");
        return;
      }
    }
    if (frame.sealed !== undefined) await this.takeSealed(inside);
    else await this.takeClear(inside);
    /* Only now: a page that is left in between takes the frame again. */
    this.taken = frame.seq;
    this.gaps = 0;
    this.takeAcknowledgment(frame.ack);
    if (this.taken - this.told >= ACKNOWLEDGE_AFTER) this.ping();
  }

  /* ---- key agreement ---- */

  async takeClear(frame) {
    if (frame.type === "grant" && this.state === "joining") {
      if (!frame.allowed) this.end("denied");
      else this.setState("agreeing");
    } else if (frame.type === "commit" && this.state === "agreeing" && !this.keys) {
      this.commitment = fromBase64(frame.hash);
      this.keys = await Keys.make("agent");
      await this.send({ type: "reveal", key: toBase64(this.keys.publicKey),
        nonce: toBase64(this.keys.nonce) });
    } else if (frame.type === "reveal" && this.state === "agreeing" && this.keys) {
      const key = fromBase64(frame.key);
      const nonce = fromBase64(frame.nonce);
      if (key.length !== KEY_SIZE || nonce.length !== NONCE_SIZE
          || !isSame(await computeCommitment(key, nonce), this.commitment)) {
        this.end("altered");
        return;
      }
      await this.outgoing;
      await this.keys.agree(key, nonce, this.session);
      this.setState("comparing");
      this.tell("number", this.keys.comparison);
    } else throw new Error("unexpected frame");
  }

  /* ---- what the agent does ---- */

  claim(code) {
    this.setState("claiming");
    this.sendPlain({ type: "claim", seq: 0, code });
  }

  async compare(same) {
    this.compared = same;
    await this.send({ type: "compared", same, language: this.language });
    if (!same) this.end("numbers-differ");
    else this.tell("state", this.state);
  }

  /* From now on the merchant's program writes in that language. */
  read(language) {
    this.language = language;
    if (this.state === "watching") this.send({ type: "compared", same: true, language });
  }

  request(type, subject) {
    const member = { "suggest-step": "step", ask: "question", "run-check": "check" }[type];
    const number = this.requests.size + 1;
    const request = { number, type, subject, status: "asked" };
    this.requests.set(number, request);
    this.tell("request", number);
    return this.send({ type, request: number, ...(member ? { [member]: subject } : {}) })
      .then((sent) => {
        request.sent = sent;
        if (!sent && !this.isOver()) this.note(number, { status: "failed" });
      });
  }

  say(text) {
    return this.send({ type: "message", text });
  }

  async leave() {
    if (this.isOver()) return;
    if (this.keys?.sealKey) await this.send({ type: "bye", reason: "agent-left" });
    this.sendPlain({ type: "bye", seq: 0, reason: "agent-left" });
    this.end("agent-left");
  }

  end(reason, detail) {
    if (this.isOver()) return;
    this.reason = reason;
    clearInterval(this.beat);
    this.setState("ended");
    this.tell("ended", { reason, detail });
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
  }

  /* ---- what the merchant's program says ---- */

  async takeSealed(frame) {
    switch (frame.type) {
      case "compared":
        if (!frame.same) this.end("numbers-differ");
        else this.setState("watching");
        break;
      case "snapshot":
        if (frame.view === null || typeof frame.view !== "object") throw new Error("no view");
        this.view = frame.view;
        this.tell("view", null);
        break;
      case "event":
        if (frame.section === "log") await this.takeLine(frame.line);
        else if (!/^[a-z-]{1,64}$/.test(frame.section)) throw new Error("no section");
        else {
          this.view[frame.section] = frame.value;
          this.tell("view", frame.section);
        }
        break;
      case "consent":
        this.note(frame.request, { status: frame.answer, why: frame.why });
        break;
      case "result":
        this.note(frame.request, { status: frame.outcome, value: frame.value });
        break;
      case "message":
        this.tell("message", { who: "merchant", text: frame.text });
        break;
      case "ping":
        await this.checkHead(frame);
        await this.send({ type: "pong", entries: this.lines.length, head: await this.head });
        break;
      case "bye":
        await this.checkHead(frame);
        /* Only now it is certain that nothing is missing at the end. */
        this.confirmed = !this.isOver() && frame.entries === this.lines.length;
        this.end(frame.reason);
        break;
      default:
        throw new Error("unexpected frame");
    }
  }

  note(number, news) {
    const request = this.requests.get(number);
    if (!request) return;
    Object.assign(request, news);
    this.tell("request", number);
  }

  /* The log is the merchant's program's; this side chains it too and looks whether what it says of
   * this agent is true. */
  async takeLine(line) {
    const entry = JSON.parse(line);
    const told = this.requests.get(entry.request);
    if (entry.n !== this.lines.length + 1
        || (entry.what === "request"
            && (!told || told.type !== entry.asked
                || told.subject !== (entry.step ?? entry.question ?? entry.check)))) {
      this.end("log-differs");
      return;
    }
    this.head = hashText(await this.head, line);
    this.lines.push({ entry, line, head: await this.head });
    this.tell("log", entry);
  }

  async checkHead(frame) {
    if (frame.head === undefined || frame.entries !== this.lines.length) return;
    if (frame.head !== await this.head) this.end("log-differs");
  }

  /* guided.jsonl as the merchant's bundle holds it. */
  buildLog() {
    return this.lines.map(({ line, head }) => `${line.slice(0, -1)},"head":"${head}"}\n`).join("");
  }
}
