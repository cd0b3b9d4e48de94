// The console: looks at the mock every second or so, and shows what has changed.

import { admin, config, Refused, setToken, Unreachable } from "./api.js";
import * as clock from "./clock.js";
import { find, h, keep, tell } from "./dom.js";
import * as faults from "./faults.js";
import * as grease from "./grease.js";
import * as journal from "./journal.js";
import * as outbox from "./outbox.js";
import * as queue from "./queue.js";

const PAUSE = 1_000;
// What changes without a request, such as the state of a mock that runs inside a test.
const EVERYTHING_EVERY = 5;

let seen;
let round = 0;
let looking = Promise.resolve();

/** Look now, after the look that is under way. */
function refresh() {
  seen = undefined;
  looking = looking.then(look);
  return looking;
}

async function look() {
  try {
    const mark = await journal.mark();
    round += 1;
    if (mark !== seen || round % EVERYTHING_EVERY === 0) {
      const paths = ["/state", "/outbox", "/faults", "/clock", "/settings"];
      const loads = [journal.load(), ...paths.map((path) => admin("GET", path))];
      const [requests, state, mails, ordered, time, settings] = await Promise.all(loads);
      find("clinic").textContent = settings.clinic.name;
      queue.show(state);
      outbox.show(mails);
      faults.show(ordered);
      grease.show(settings);
      clock.show(time);
      journal.show(requests);
    }
    seen = mark;
    show("live");
  } catch (error) {
    if (error instanceof Unreachable) show("lost");
    else if (error instanceof Refused && error.status === 403) show("locked");
    else show("refused", error.message);
    if (!(error instanceof Unreachable || error instanceof Refused)) console.error(error);
  }
}

const TEXTS = {
  lost: `The mock at ${location.host} does not answer. What is below may be out of date; trying again.`,
};

function show(connection, message) {
  find("connection").textContent = { live: "live", lost: "no answer", locked: "locked", refused: "refused" }[connection];
  find("connection").dataset.state = connection;
  for (const state of ["lost", "locked"]) document.body.classList.toggle(state, connection === state);
  const text = message ?? TEXTS[connection] ?? "";
  // Said once, not with every look.
  if (find("disconnected").textContent !== text) find("disconnected").textContent = text;
  find("disconnected").hidden = !text;
  if (connection === "locked") find("unlock-problem").textContent = "The token was not accepted.";
  find("locked").hidden = connection !== "locked";
  if (connection === "live" || connection === "locked") find("console").hidden = connection === "locked";
}

function openDialog(id) {
  find(id).showModal();
}

async function openInstances() {
  const { instances } = await admin("GET", "/instances");
  keep(find("instance-list"), instances, String, (name) =>
    h("li", {}, h("a", { href: address(name), "aria-current": name === config.instance && "true" }, name)));
  openDialog("instances");
}

const address = (name) => (name === "default" && !location.hostname.endsWith(".localhost") ? "/" : `/__instance/${name}/`);

function start() {
  for (const part of [queue, journal, faults, grease, clock]) part.start(refresh);
  find("faults").addEventListener("click", async (event) => {
    const { withdraw } = event.target.dataset;
    if (withdraw) await faults.withdraw(withdraw).finally(refresh);
  });
  find("unlock").addEventListener("submit", (event) => {
    event.preventDefault();
    setToken(find("token").value);
    find("token").value = "";
    refresh().then(() => {
      find("unlock-problem").hidden = find("locked").hidden;
    });
  });
  find("open-instances").addEventListener("click", openInstances);
  find("open-reset").addEventListener("click", () => openDialog("reset"));
  find("new-instance").addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(address(find("instance-name").value.toLowerCase()));
  });
  find("do-reset").addEventListener("click", async () => {
    find("reset").close();
    await admin("POST", "/reset");
    tell("Everything is as in the scenario.");
    await refresh();
  });
  for (const button of document.querySelectorAll("dialog .close")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
  // What an action is refused, or gets no answer to, wherever it was asked for.
  addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof Refused || event.reason instanceof Unreachable)) return;
    event.preventDefault();
    tell(event.reason.message, { bad: true });
  });
}

async function watch() {
  await refresh();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (document.hidden) continue;
    looking = looking.then(look);
    await looking;
  }
}

start();
watch();
