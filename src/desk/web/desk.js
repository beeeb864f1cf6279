/* desk.js - the desk's page: signing in, and which part is shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { announce, fill, make, say } from "./elements.js";
import { GuidedPart } from "./guided.js";
import { SpokenPart } from "./spoken.js";
import { TicketsPart } from "./tickets.js";
import { getLanguage, guessLanguage, languages, setLanguage, word } from "./words.js";

const top = document.getElementById("top");
const main = document.getElementById("main");
const keep = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } },
};

let agent = null;
let current = "sessions";
/* A part lives as long as the agent is signed in: a session goes on behind the other parts. */
let parts = {};

const languageChoice = () => make("label", { class: "choice", for: "language" },
  word("language"),
  make("select", { id: "language", onchange: (event) => chooseLanguage(event.target.value) },
    languages.map(([id, name]) =>
      make("option", { value: id, selected: id === getLanguage() }, name))));

const drawTop = () => {
  document.title = agent ? `${word(current)} – ${word("title")}` : word("title");
  document.getElementById("skip").textContent = word("skip");
  fill(top, make("h1", {}, word("title")),
    agent && make("nav", { "aria-label": word("parts") },
      Object.keys(parts).map((id) => make("button", { type: "button",
        id: `part-${id}`, class: "tab", "aria-current": id === current && "page", onclick: () => show(id) },
      word(id)))),
    make("div", { class: "who" },
      languageChoice(),
      agent && make("span", {}, `${agent.name}, ${agent.organisation}`),
      agent && make("button", { type: "button", id: "sign-out", onclick: signOut },
        word("sign-out"))));
};

const show = (id) => {
  parts[current]?.hide?.();
  current = id;
  drawTop();
  main.replaceChildren(parts[id].element);
  parts[id].draw();
  parts[id].element.querySelector("h2")?.focus();
};

const chooseLanguage = (id) => {
  setLanguage(id);
  keep.set("language", id);
  drawTop();
  if (!agent) drawSignIn();
  for (const part of Object.values(parts)) part.translate();
};

const begin = (body) => {
  agent = body;
  parts = { sessions: new GuidedPart(), tickets: new TicketsPart(), spoken: new SpokenPart() };
  show("sessions");
  parts.sessions.resume();
};

const signIn = async (event) => {
  event.preventDefault();
  const token = new FormData(event.target).get("token").trim();
  const problem = document.getElementById("token-problem");
  try {
    const { status, body } = await say("session", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }) });
    if (status === 200) begin(body);
    else {
      problem.textContent = word("token-wrong");
      document.getElementById("token").focus();
    }
  } catch {
    problem.textContent = word("unreachable");
  }
};

const signOut = async () => {
  await parts.sessions?.leave();
  for (const part of Object.values(parts)) part.hide?.();
  await say("session", { method: "DELETE" }).catch(() => {});
  agent = null;
  parts = {};
  current = "sessions";
  drawTop();
  drawSignIn();
  announce(word("sign-in"));
};

const drawSignIn = () => {
  main.replaceChildren(make("form", { class: "card narrow", onsubmit: signIn },
    make("h2", { tabindex: "-1" }, word("sign-in")),
    make("label", { for: "token" }, word("token")),
    make("p", { class: "help", id: "token-help" }, word("token-help")),
    make("input", { id: "token", name: "token", type: "password", required: true,
      autocomplete: "current-password", "aria-describedby": "token-help token-problem" }),
    make("p", { class: "problem", id: "token-problem", role: "alert" }),
    make("button", { class: "main", type: "submit" }, word("sign-in"))));
  document.getElementById("token").focus();
};

setLanguage(keep.get("language") ?? guessLanguage(navigator.language));
drawTop();
try {
  const { status, body } = await say("session");
  if (status === 200) begin(body);
  else drawSignIn();
} catch {
  drawSignIn();
}
