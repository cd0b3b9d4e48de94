// The clinic's time: real, moved or frozen.

import { admin } from "./api.js";
import { find, moment, tell } from "./dom.js";

// Two clocks on one machine, and the time that an answer takes, differ by less.
const REAL = 5_000;

let ahead = 0;
let frozen = null;

/** Listen to the buttons; `changed` is called after each action. */
export function start(changed) {
  const act = async (path, body, news) => {
    const { now } = await admin("POST", `/clock/${path}`, body);
    tell(`${news}: ${moment(now)} UTC.`);
    await changed();
  };
  find("freeze").addEventListener("click", () => act("freeze", {}, "The time stands still"));
  find("release").addEventListener("click", () => act("release", {}, "The time is the real one"));
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => act("advance", { seconds: Number(button.dataset.advance) }, "The time has moved"));
  }
  find("freeze-at").addEventListener("submit", (event) => {
    event.preventDefault();
    // A whole minute comes without its seconds.
    const at = `${find("freeze-moment").value}:00`.slice(0, 19);
    return act("freeze", { at: `${at}Z` }, "The time stands still");
  });
  setInterval(tick, 1_000);
}

/** Show what the control API answers to `GET /clock`. */
export function show(clock) {
  ahead = Date.parse(clock.now) - Date.now();
  frozen = clock.frozen ? clock.now : null;
  const kind = frozen ? "frozen" : Math.abs(ahead) > REAL ? "moved" : "real time";
  find("clock-kind").textContent = kind;
  find("time-kind").textContent = kind === "real time" ? "time" : kind;
  find("release").disabled = kind === "real time";
  tick();
}

function tick() {
  const now = frozen ?? new Date(Date.now() + ahead).toISOString();
  find("time").textContent = `${moment(now)} UTC`;
  find("time").setAttribute("datetime", now);
}
