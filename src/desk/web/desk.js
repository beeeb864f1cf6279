/* desk.js - the desk's page: signing in, and which part is shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { announce, make, say } from "./elements.js";
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
  make("span", { "data-word": "language" }),
  make("select", { id: "language", onchange: (event) => chooseLanguage(event.target.value) },
    languages.map(([id, name]) =>
      make("option", { value: id, selected: id === getLanguage() }, name))));

/* Words and marks only: the controls stay, and with them the focus and what is being typed. */
const nameTop = () => {
  document.title = agent ? `${word(current)} – ${word("title")}` : word("title");
  document.getElementById("skip").textContent = word("skip");
  top.querySelector("nav")?.setAttribute("aria-label", word("parts"));
  for (const each of top.querySelectorAll("[data-word]"))
    each.textContent = word(each.dataset.word);
  for (const tab of top.querySelectorAll(".tab"))
    if (tab.dataset.word === current) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
};

const drawTop = () => {
  top.replaceChildren(...[make("h1", { "data-word": "title" }),
    agent && make("nav", {}, Object.keys(parts).map((id) => make("button", { type: "button",
      id: `part-${id}`, "data-word": id, class: "tab", onclick: () => show(id) }))),
    make("div", { class: "who" },
      languageChoice(),
      agent && make("span", {}, `${agent.name}, ${agent.organisation}`),
      agent && make("button", { type: "button", id: "sign-out", "data-word": "sign-out",
        onclick: signOut }))].filter(Boolean));
  nameTop();
};

const show = (id) => {
  parts[current]?.hide?.();
  current = id;
  nameTop();
  main.replaceChildren(parts[id].element);
  parts[id].draw();
  parts[id].element.querySelector("h2")?.focus();
};

const chooseLanguage = (id) => {
  setLanguage(id);
  keep.set("language", id);
  nameTop();
  if (!agent) drawSignIn();
  for (const part of Object.values(parts)) part.translate();
};

const begin = (body) => {
  agent = body;
  parts = { sessions: new GuidedPart(agent.name), tickets: new TicketsPart(),
    spoken: new SpokenPart() };
  drawTop();
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
  if (top.contains(document.activeElement)) return;
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
