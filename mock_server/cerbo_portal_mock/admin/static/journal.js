// The requests to the mock and how they were answered, as they happen.

import { admin } from "./api.js";
import { counted, find, h, keep, tell } from "./dom.js";

const SHOWN = 100;

let paused = false;
let last;

/** Listen to the buttons; `changed` is called after each action. */
export function start(changed) {
  find("pause").addEventListener("click", () => {
    paused = !paused;
    find("pause").setAttribute("aria-pressed", paused);
    find("pause").textContent = paused ? "Paused" : "Pause";
    if (!paused && last) show(last);
  });
  find("forget").addEventListener("click", async () => {
    await admin("DELETE", "/requests");
    tell("The journal is empty, but for this.");
    await changed();
  });
}

/** What tells whether anything has happened since the last look. */
export async function mark() {
  const { requests } = await admin("GET", "/requests?limit=1");
  return requests.map(key).join();
}

/** The newest requests. */
export const load = () => admin("GET", `/requests?limit=${SHOWN}`);

const key = ({ id, request }) => `${id} ${request.loggedDateString} ${request.url}`;

/** Show what the control API answers to `GET /requests`, unless the journal is paused. */
export function show(journal) {
  last = journal;
  if (paused) return;
  find("journal-count").textContent = journal.meta.total ? counted(journal.meta.total, "request") : "";
  keep(find("journal"), journal.requests.toReversed(), key, item);
}

function item(exchange) {
  const { request, response } = exchange;
  const about = [exchange.operation, exchange.user && `by ${exchange.user}`].filter(Boolean).join(" · ");
  const tone = response.status === 0 || response.status >= 500 ? "bad" : response.status >= 400 ? "warn" : "ok";
  const details = h("details", {},
    h("summary", { class: "call" },
      h("time", { datetime: request.loggedDateString }, request.loggedDateString.slice(11, 19)),
      h("code", {}, request.method),
      h("span", { class: "path" }, request.url),
      h("span", { class: `number status ${tone}` }, response.status ? String(response.status) : "none"),
      (about || exchange.fault || exchange.violation || exchange.grease.length > 0) && h("span", { class: "about" }, about,
        exchange.stub && h("span", { class: "tag" }, "stub"),
        exchange.fault && h("span", { class: "tag bad" }, `fault: ${exchange.fault}`),
        exchange.grease.length > 0 && h("span", { class: "tag" }, "varied"),
        exchange.violation && h("span", { class: "tag bad" }, "breaks the contract"))));
  details.addEventListener("toggle", () => details.append(inside(exchange)), { once: true });
  return h("li", {}, details);
}

function inside({ request, response, timing, violation, grease }) {
  const lines = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n");
  const block = (title, text) => text && [h("h3", {}, title), h("pre", {}, text)];
  return h("div", { class: "inside" },
    block("The contract says", violation),
    block("Varied, as the contract leaves it open", grease.join("\n")),
    block(`Request, from ${request.clientIp}`, [lines(request.headers), request.body].filter(Boolean).join("\n\n")),
    block(`Answer, after ${timing.totalTime} ms`, [lines(response.headers), pretty(response.body)].filter(Boolean).join("\n\n")));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
