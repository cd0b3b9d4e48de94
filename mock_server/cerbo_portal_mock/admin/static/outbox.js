// The mails, as their recipients see them.

import { config } from "./api.js";
import { counted, find, h, keep, moment } from "./dom.js";

const SHOWN = 100;
const OUTCOMES = { kept: ["kept here", ""], delivered: ["delivered", "good"], failed: ["not delivered", "bad"] };

/** Show what the control API answers to `GET /outbox`. */
export function show({ mails, meta }) {
  find("outbox-count").textContent = meta.total ? counted(meta.total, "mail") : "";
  keep(find("outbox"), mails.slice(-SHOWN).reverse(), (mail) => `${mail.id} ${mail.sent_at} ${mail.link}`, item);
}

function item(mail) {
  const [outcome, tone] = OUTCOMES[mail.delivery] ?? [mail.delivery, ""];
  const details = h("details", {},
    h("summary", { class: "mail" },
      h("b", {}, mail.subject),
      h("span", { class: `tag ${tone}` }, outcome),
      h("span", { class: "muted" }, `to ${mail.recipient} · `, h("time", { datetime: mail.sent_at }, moment(mail.sent_at)))));
  details.addEventListener("toggle", () => details.append(inside(mail)), { once: true });
  return h("li", {}, details);
}

function inside(mail) {
  // Sandboxed: the mail's own markup runs nothing, and its links open elsewhere.
  const style = `${location.origin}${config.root}/static/mail.css`;
  const sheet = h("iframe", {
    class: "sheet",
    title: `Mail to ${mail.recipient}`,
    sandbox: "allow-popups allow-popups-to-escape-sandbox",
    referrerpolicy: "no-referrer",
    srcdoc: `<!doctype html><html lang="en"><title>Mail</title><base target="_blank"><link rel="stylesheet" href="${style}">${mail.html}`,
  });
  return h("div", { class: "inside" },
    mail.failure && h("p", { class: "problem" }, `Not delivered: ${mail.failure}`),
    h("p", { class: "row" },
      h("span", { class: "muted" }, `From ${mail.sender}. The link works once, until it expires by the clock.`),
      h("a", { href: mail.link, target: "_blank", rel: "noopener noreferrer" }, "Open the link as the patient")),
    sheet,
    h("details", {}, h("summary", {}, "As plain text"), h("pre", {}, mail.text)));
}
