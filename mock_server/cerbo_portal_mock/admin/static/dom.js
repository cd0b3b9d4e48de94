// Building and keeping parts of the page. Text always becomes a text node, never markup.

export const find = (id) => document.getElementById(id);

/** An element: attributes, `on...` listeners, and children that are elements or text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/**
 * Show the items in this order. An item whose key is shown already keeps its element, with what is open, selected or
 * focused in it; the focus goes to the part of the same `data-part` where the element in focus is replaced.
 */
export function keep(container, items, key, build) {
  const part = container.contains(document.activeElement) ? document.activeElement.dataset.part : undefined;
  const keys = items.map(key);
  const wanted = new Set(keys);
  const shown = new Map();
  for (const element of [...container.children]) {
    if (wanted.has(element.dataset.key)) shown.set(element.dataset.key, element);
    else element.remove();
  }
  let next = null;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const element = shown.get(keys[index]) ?? build(items[index]);
    element.dataset.key = keys[index];
    if (element.nextSibling !== next || !element.parentNode) container.insertBefore(element, next);
    next = element;
  }
  if (part && !container.contains(document.activeElement)) {
    container.querySelector(`[data-part="${CSS.escape(part)}"]`)?.focus();
  }
  const empty = find(`no-${container.id}`);
  if (empty) empty.hidden = items.length > 0;
}

/** Tell what was done, or what went wrong, where screen readers hear it; good news goes away by itself. */
export function tell(text, { bad = false } = {}) {
  const news = find("news");
  clearTimeout(tell.timer);
  news.textContent = text;
  news.classList.toggle("bad", bad);
  tell.timer = setTimeout(() => news.replaceChildren(), bad ? 12_000 : 6_000);
}

/** An RFC 3339 instant as date and time of day in UTC. */
export const moment = (instant) => instant.slice(0, 19).replace("T", " ");

/** `1 call`, `2 calls`. */
export const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
