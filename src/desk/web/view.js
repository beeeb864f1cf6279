/* view.js - what the merchant sees, drawn for the agent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { make } from "./elements.js";
import { word } from "./words.js";

const MARKS = { good: "✓", degraded: "!", broken: "✗", waiting: "·", running: "…",
  "not-checked": "?" };
/* Below this nobody acts on a cause. */
const LEAST_PERCENT = 1;

const heading = (key) => make("h3", {}, word(key));

/* Shape, word and colour say the same, so that each alone is enough. */
export const drawPath = (stations) => [heading("path"), make("ol", { class: "path" },
  stations.map(({ id, state, text }) => make("li", { class: `station ${state}`, "data-id": id },
    make("span", { class: "mark", "aria-hidden": "true" }, MARKS[state] ?? "?"),
    make("strong", {}, word(`station-${id}`)),
    make("span", { class: "word" }, word(`mark-${state}`)),
    text && make("span", { class: "text" }, text))))];

/* What was looked at, by which program, when. */
export const drawFacts = (head) => head ? make("p", { class: "help facts" },
  [head.code && word("fact-code", { code: head.code }), head.provider,
    head.started && new Date(head.started).toLocaleString(document.documentElement.lang,
      { dateStyle: "medium", timeStyle: "short" }),
    head.program && word("fact-program", { version: head.program })]
    .filter(Boolean).join(" · ")) : null;

const drawReason = ({ text, db }) => make("li", { class: db >= 0 ? "for" : "against" },
  make("span", { class: "mark", "aria-hidden": "true" }, db >= 0 ? "+" : "−"),
  make("span", { class: "unseen" }, `${word(db >= 0 ? "for" : "against")}: `), text);

const drawCause = ({ id, title, probability, reasons }, i) => {
  const percent = Math.round(probability * 100);
  return make("li", { "data-cause": id },
    make("details", { open: i === 0, "data-id": id },
      make("summary", {}, make("span", { class: "title" }, title), " ",
        make("span", { class: "chance" }, word("chance", { percent }))),
      reasons?.length ? make("ul", { class: "reasons", "aria-label": word("why") },
        reasons.map(drawReason)) : make("p", { class: "help" }, word("no-reasons"))));
};

export const drawCauses = (head, causes) => [heading("findings"),
  head?.headline && make("p", {}, `${word("merchant-reads")} `,
    make("q", { class: "headline" }, head.headline)),
  make("ol", { class: "causes" }, causes
    .filter(({ probability }, i) => i === 0 || probability * 100 >= LEAST_PERCENT)
    .map(drawCause))];

export const drawPayment = (payment) => [heading("payment"),
  payment?.title && make("p", { class: "headline" }, payment.title),
  payment?.advice && make("p", {}, payment.advice),
  payment && make("p", { class: "verdict" },
    word(payment.may_retry ? "may-retry" : "may-not-retry"))];

export const drawSteps = (head, step, steps) => [heading("steps"),
  head?.outcome === "solved" ? make("p", { class: "next" }, word("solved"))
    : step?.title && make("p", { class: "next" }, make("strong", {}, `${word("next-step")}: `),
    step.title),
  steps.length ? make("ol", { class: "steps" }, steps.map(({ id, title, outcome }) =>
    make("li", { "data-step": id, "data-outcome": outcome }, make("span", {}, title), " – ",
      make("span", { class: "outcome" }, word(`step-${outcome}`)))))
    : make("p", { class: "help" }, word("no-steps"))];

const drawFact = ([name, value]) => value === null || typeof value === "object" ? []
  : [make("dt", {}, name), make("dd", {}, String(value))];

export const drawTerminal = (terminal) => terminal ? [heading("terminal"),
  terminal.state?.text && make("p", { class: "headline" }, terminal.state.text),
  terminal.last_result?.text && make("p", {},
    `${terminal.last_result.code ?? ""} ${terminal.last_result.text}`),
  terminal.problem?.text && make("p", { class: "problem" }, terminal.problem.text),
  make("dl", {}, Object.entries({ ...terminal, ...terminal.identity }).flatMap(drawFact))] : [];

export const drawObservations = (observations) => [make("details", { "data-id": "observations" },
  make("summary", {}, word("observations")),
  make("table", {}, make("tbody", {}, observations.map(({ id, title, value, text }) =>
    make("tr", { "data-observation": id },
      make("th", { scope: "row" }, title ?? id), make("td", {}, text ?? value))))))];
