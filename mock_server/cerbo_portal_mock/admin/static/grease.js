// Responses that vary in all that the contract leaves open.

import { admin } from "./api.js";
import { find, tell } from "./dom.js";

/** Listen to the switch; `changed` is called after each action. */
export function start(changed) {
  const box = find("grease");
  box.addEventListener("change", async () => {
    try {
      const { grease } = await admin("POST", "/settings", { grease: box.checked });
      tell(box.checked ? `Responses vary: --grease=${grease}.` : "Responses no longer vary.");
    } finally {
      await changed();
    }
  });
}

/** Show what the control API answers to `GET /settings`. */
export function show({ grease }) {
  find("grease").checked = grease !== "off";
  find("grease-kinds").textContent = grease === "off" ? "off" : `seed and kinds: ${grease}`;
}
