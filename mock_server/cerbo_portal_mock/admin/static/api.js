// The two interfaces of the mock that the console uses: its control API, and calls of the contract.

const given = JSON.parse(document.getElementById("config").textContent);

/** Where the mock is, its operations, and by user the passwords that its package publishes. */
export const config = { ...given, passwords: Object.fromEntries(given.passwords) };

const TOKEN = "cerbo-portal-mock-token";
const PATIENCE = 8_000;

/** The mock refuses what the console asked for; `status` is its HTTP status. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** No answer, or half of one. */
export class Unreachable extends Error {}

/** Keep the token of the control API as long as the tab is open. */
export function setToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

/** A request to the control API; gives what it answers. */
export async function admin(method, path, body) {
  const headers = {};
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (method === "POST") headers["Content-Type"] = "application/json";
  const options = { method, headers, signal: AbortSignal.timeout(PATIENCE) };
  if (method === "POST") options.body = JSON.stringify(body ?? {});
  const { response, text } = await send(`${config.root}/__admin${path}`, options);
  const answer = read(text) ?? {};
  if (!response.ok) throw new Refused(response.status, answer.error?.message ?? response.statusText);
  return answer;
}

/** A call of the contract by an API user; gives its status and its body, null where that is no JSON. */
export async function call(operation, values, user, password) {
  const { method, path } = config.operations[operation];
  const url = path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(values[name]));
  const credentials = new TextEncoder().encode(`${user}:${password}`);
  const headers = { Authorization: `Basic ${btoa(String.fromCharCode(...credentials))}` };
  const { response, text } = await send(config.api + url, { method, headers });
  return { status: response.status, body: read(text), line: `${method} ${url} answered ${response.status}` };
}

async function send(url, options) {
  try {
    // With credentials of its own, the browser would ask for others by itself.
    const response = await fetch(url, { ...options, credentials: "omit", cache: "no-store" });
    return { response, text: await response.text() };
  } catch {
    throw new Unreachable("No answer: the connection was closed. What was asked for may have been done.");
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
