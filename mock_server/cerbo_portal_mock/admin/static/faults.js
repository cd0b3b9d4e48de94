// What goes wrong on demand: switches for the usual, a form for the rest.

import { admin } from "./api.js";
import { counted, find, h, keep, tell } from "./dom.js";

const switches = [...document.querySelectorAll("[role=switch]")];
const OPEN = { operation: undefined, patient: undefined, user: undefined, times: undefined, probability: 1 };

/** Listen to switches and form; `changed` is called after each action. */
export function start(changed) {
  for (const box of switches) box.addEventListener("change", () => turn(box, changed));
  for (const id of ["fault-kind", "fault-operation"]) find(id).addEventListener("change", showChoices);
  find("fault").addEventListener("submit", async (event) => {
    event.preventDefault();
    await admin("POST", "/faults", ordered());
    tell("The fault is ordered.");
    await changed();
  });
  showChoices();
}

/** Show what the control API answers to `GET /faults`. */
export function show({ faults }) {
  find("faults-count").textContent = faults.length ? `${counted(faults.length, "fault")} on` : "everything works";
  for (const box of switches) {
    const fault = faults.find((candidate) => isOf(box, candidate));
    box.checked = fault !== undefined;
    box.dataset.fault = fault?.id ?? "";
  }
  const others = faults.filter((fault) => !switches.some((box) => isOf(box, fault)));
  keep(find("faults"), others, JSON.stringify, (fault) =>
    h("li", { class: "order" },
      h("span", {}, h("span", { class: "tag" }, fault.kind), ` ${described(fault)}`),
      h("button", { type: "button", "data-withdraw": fault.id, "aria-label": `Withdraw fault ${fault.id}` }, "Withdraw")));
}

/** Withdraw one fault. */
export async function withdraw(id) {
  await admin("DELETE", `/faults/${id}`);
  tell("The fault is withdrawn.");
}

function isOf(box, fault) {
  const rule = { ...OPEN, ...JSON.parse(box.dataset.rule) };
  return Object.entries(rule).every(([member, value]) => fault[member] === value);
}

async function turn(box, changed) {
  // A look that is under way may show what was before.
  const on = box.checked;
  try {
    if (on) await admin("POST", "/faults", JSON.parse(box.dataset.rule));
    else await admin("DELETE", `/faults/${box.dataset.fault}`);
    tell(`${box.labels[0].querySelector("b").textContent}: ${on ? "on" : "off"}.`);
  } finally {
    await changed();
  }
}

function showChoices() {
  const kind = find("fault-kind").selectedOptions[0];
  find("fault-meaning").textContent = kind.dataset.meaning;
  const operations = [...find("fault-operation").options].filter((option) => option.dataset.statuses);
  const chosen = operations.filter((option) => option.selected);
  const statuses = new Set((chosen.length ? chosen : operations).flatMap((option) => option.dataset.statuses.split(" ")));
  const select = find("fault-status");
  select.disabled = kind.value !== "status";
  const before = select.value || "503";
  select.replaceChildren(...[...statuses].sort().map((status) => h("option", { selected: status === before }, status)));
}

function ordered() {
  const fault = { kind: find("fault-kind").value };
  const number = (id, member) => {
    if (find(id).value) fault[member] = Number(find(id).value);
  };
  if (find("fault-operation").value) fault.operation = find("fault-operation").value;
  if (fault.kind === "status") number("fault-status", "status");
  number("fault-times", "times");
  number("fault-delay", "delay_ms");
  number("fault-patient", "patient");
  return fault;
}

function described(fault) {
  return [
    fault.status,
    fault.steps && fault.steps.slice(fault.happened).map((step) => step ?? "no fault").join(", "),
    fault.operation ?? "any operation",
    fault.patient && `patient ${fault.patient}`,
    fault.user && `user ${fault.user}`,
    fault.probability < 1 && `${Math.round(fault.probability * 100)} % of the calls`,
    fault.after > fault.matched && `after ${counted(fault.after - fault.matched, "call")}`,
    !fault.steps && fault.times && `${counted(fault.times - fault.happened, "time")} more`,
    fault.delay_ms > 0 && `${fault.delay_ms} ms`,
    fault.jitter_ms > 0 && `up to ${fault.jitter_ms} ms more`,
    fault.applied !== undefined && (fault.applied ? "carried out" : "not carried out"),
  ].filter(Boolean).join(" · ");
}
