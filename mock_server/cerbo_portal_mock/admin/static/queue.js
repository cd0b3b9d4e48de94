// Patients, the queue of one of them, and what can be done to it.

import { admin, call, config, Unreachable } from "./api.js";
import { counted, find, h, keep, moment, tell } from "./dom.js";

const SHOWN_PATIENTS = 24;
const SHOWN_REQUESTS = 200;
const SELECTED = `cerbo-portal-mock-patient-${config.instance}`;

let state = { users: [], patients: [], open: [], hidden: [] };
let refresh;

/** Listen to the forms; `changed` is called after each action. */
export function start(changed) {
  refresh = changed;
  find("patient-filter").addEventListener("input", () => showPatients(selected()));
  find("caller-name").addEventListener("change", () => showCaller());
  find("caller").addEventListener("submit", (event) => event.preventDefault());
  find("invite").addEventListener("click", () => callAsUser("inviteToPortal", {}, "The mail is in the outbox."));
  find("add").addEventListener("submit", add);
  find("copy-curl").addEventListener("click", copy);
}

/** Show what the control API answers to `GET /state`. */
export function show(fresh) {
  state = fresh;
  showUsers();
  const patient = selected();
  showPatients(patient);
  showQueue(patient);
  showCommand(patient);
}

function selected() {
  const id = Number(sessionStorage.getItem(SELECTED));
  return state.patients.find((patient) => patient.id === id) ?? state.patients[0];
}

function select(patient) {
  sessionStorage.setItem(SELECTED, patient.id);
  show(state);
}

const name = (patient) => `${patient.first_name} ${patient.last_name}`;
const count = (entries, patient) => entries.filter((entry) => entry.pt_id === patient.id).length;

function showPatients(current) {
  const wanted = find("patient-filter").value.trim().toLowerCase();
  find("patient-filter-label").hidden = state.patients.length <= SHOWN_PATIENTS;
  const fits = (patient) => `${patient.id} ${name(patient)}`.toLowerCase().includes(wanted);
  const items = state.patients.filter(fits).slice(0, SHOWN_PATIENTS).map((patient) => ({
    patient,
    open: count(state.open, patient),
    hidden: count(state.hidden, patient),
    current: patient === current,
  }));
  keep(find("patients"), items, JSON.stringify, ({ patient, open, hidden, current }) =>
    h("li", {},
      h("button", { type: "button", "aria-current": current && "true", "data-part": `patient-${patient.id}`, onclick: () => select(patient) },
        h("b", {}, name(patient)),
        h("span", { class: "muted" }, `patient ${patient.id} · ${open} open${hidden ? `, ${hidden} deleted` : ""}`))));
}

function showQueue(patient) {
  find("queue-title").textContent = patient ? `Queue of ${name(patient)}` : "Queue";
  find("patient-facts").textContent = patient
    ? `${patient.primary_email ?? "no e-mail address"} · ${patient.username ? `portal user ${patient.username}` : "has not joined the portal"}`
    : "";
  for (const id of ["add", "caller"]) find(id).hidden = !patient;
  const entries = [...state.open, ...state.hidden]
    .filter((entry) => entry.pt_id === patient?.id)
    .sort((a, b) => Date.parse(a.created) - Date.parse(b.created) || a.id - b.id)
    .slice(-SHOWN_REQUESTS);
  keep(find("queue"), entries, JSON.stringify, row);
}

function row(entry) {
  const gone = entry.hidden_at !== null;
  const struck = (...content) => (gone ? h("del", {}, ...content) : h("span", {}, ...content));
  const details = Object.entries(entry.details).map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const action = gone
    ? h("button", { type: "button", "data-part": `entry-${entry.id}`, "aria-label": `Restore request ${entry.id}`, onclick: () => restore(entry) }, "Restore")
    : h("button", { type: "button", "data-part": `entry-${entry.id}`, "aria-label": `Delete request ${entry.id}`, onclick: () => remove(entry) }, "Delete");
  return h("tr", { class: gone ? "deleted" : null },
    h("td", { class: "number" }, struck(String(entry.id))),
    h("td", {},
      struck(h("span", { class: "tag" }, entry.request_type), " ", entry.subject ?? ""),
      entry.status !== "open" && !gone && h("span", { class: "tag" }, entry.status),
      entry.notes && h("span", { class: "muted" }, struck(entry.notes)),
      details.length > 0 && h("span", { class: "muted" }, struck(details.join(" · "))),
      h("span", { class: "muted created" }, h("time", {}, moment(entry.created))),
      gone && h("span", { class: "audit" }, "Deleted by ", h("b", {}, entry.hidden_by), " at ", h("time", {}, moment(entry.hidden_at)), " UTC")),
    h("td", {}, h("time", { datetime: entry.created }, moment(entry.created))),
    h("td", {}, action));
}

function showUsers() {
  const may = (user) => (user.read_only ? "read only" : user.resources ? `only ${user.resources.join(", ")}` : "");
  keep(find("users"), state.users, JSON.stringify, (user) =>
    h("li", {},
      h("code", {}, user.username in config.passwords ? `${user.username}:${config.passwords[user.username]}` : user.username),
      may(user) && h("span", { class: "muted" }, ` ${may(user)}`)));
  keep(find("caller-name"), state.users, (user) => user.username, (user) => h("option", {}, user.username));
  const caller = find("caller-name");
  if (!caller.dataset.shown) caller.selectedIndex = 0;
  if (caller.dataset.shown !== caller.value) showCaller();
}

function showCaller() {
  const caller = find("caller-name");
  caller.dataset.shown = caller.value;
  find("caller-password").value = config.passwords[caller.value] ?? "";
  showCommand(selected());
}

function showCommand(patient) {
  const user = find("caller-name").value;
  const credentials = user in config.passwords ? `${user}:${config.passwords[user]}` : user;
  const path = config.operations.showPortalRequests.path.replace("{pt_id}", patient?.id ?? "PATIENT");
  find("curl").textContent = `curl -u ${credentials} ${find("base-url").textContent}${path}`;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(find("curl").textContent);
    tell("Copied.");
  } catch {
    getSelection().selectAllChildren(find("curl"));
    tell("This page may not copy here. The line is selected: copy it by the keyboard.");
  }
}

async function callAsUser(operation, values, done) {
  const patient = selected();
  try {
    const answer = await call(operation, { pt_id: patient.id, ...values }, find("caller-name").value, find("caller-password").value);
    const good = answer.status < 300 && answer.body?.result === true;
    const message = answer.body ? (good ? done : answer.body.error?.message ?? answer.body.message ?? "") : "The answer is no JSON.";
    tell(`${answer.line}. ${message}`, { bad: !good });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    tell(error.message, { bad: true });
  }
  await refresh();
}

function remove(entry) {
  return callAsUser("deletePortalRequest", { queue_request_id: entry.id }, "The request is hidden from the API, and kept here.");
}

async function restore(entry) {
  await admin("POST", "/state", { restore: [entry.id] });
  tell(`Request ${entry.id} is back in the queue.`);
  await refresh();
}

async function add(event) {
  event.preventDefault();
  const entry = { pt_id: selected().id, request_type: find("add-type").value };
  for (const member of ["subject", "notes"]) {
    if (find(`add-${member}`).value) entry[member] = find(`add-${member}`).value;
  }
  const { entries } = await admin("POST", "/state", { entries: [entry] });
  for (const member of ["subject", "notes"]) find(`add-${member}`).value = "";
  tell(`Request ${entries[0].id} is in the queue of patient ${entry.pt_id}: ${counted(count(state.open, selected()) + 1, "request")}.`);
  await refresh();
}
