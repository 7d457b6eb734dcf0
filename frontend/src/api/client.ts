/**
 * The only place that fetches. Typed JSON calls through `api`, binary arrays through `fetchBytes`, uploads through
 * `postForm`. Every failure is an `ApiError` or a `NetworkError`.
 */
import createClient, { type Middleware } from "openapi-fetch";
import { ApiError, NetworkError, problemFromBody } from "./problem";
import type { paths } from "./schema.gen";

const SESSION_PATH = "/api/v1/session";
const SIGN_IN_PATH = "/api/auth/";
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

/** Remember the token that unsafe requests carry. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** `listener` is called when any request is answered 401, except those of signing in. */
export function setSignedOutListener(listener: () => void): void {
  onSignedOut = listener;
}

async function renewCsrfToken(): Promise<void> {
  const response = await fetch(SESSION_PATH, { credentials: "same-origin" });
  const body = (await response.json()) as { csrf_token: string };
  setCsrfToken(body.csrf_token);
}

/** Sends a request; a stale CSRF token (the session was renewed in another tab) is renewed once. */
export async function send(request: Request): Promise<Response> {
  const isUnsafe = !SAFE_METHODS.has(request.method);
  const spare = isUnsafe ? request.clone() : null;
  if (isUnsafe) request.headers.set("X-CSRFToken", csrfToken);
  let response: Response;
  try {
    response = await fetch(request);
    if (spare && response.status === 403 && (await codeOf(response)) === "csrf_failed") {
      await renewCsrfToken();
      spare.headers.set("X-CSRFToken", csrfToken);
      response = await fetch(spare);
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new NetworkError(error);
  }
  if (response.status === 401 && !new URL(request.url).pathname.startsWith(SIGN_IN_PATH)) onSignedOut();
  return response;
}

async function codeOf(response: Response): Promise<string> {
  return problemFromBody(await readBody(response.clone()), response.status).code;
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return text; // an error page of a proxy, not of our server
  }
}

const raiseProblems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw new ApiError(problemFromBody(await readBody(response), response.status));
    return response;
  },
};

export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin", fetch: send });
api.use(raiseProblems);

/** The body of a call that succeeded (failures were raised by then). */
export async function unwrap<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}

async function raiseForStatus(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new ApiError(problemFromBody(await readBody(response), response.status));
}

export interface Bytes {
  buffer: ArrayBuffer;
  headers: Headers;
}

/** GET of a binary body. */
export function fetchBytes(url: string, signal?: AbortSignal): Promise<Bytes> {
  return readBytes(url, {}, signal);
}

/** POST of JSON that is answered by a binary body. */
export function postForBytes(url: string, body: unknown, signal?: AbortSignal): Promise<Bytes> {
  const headers = { "Content-Type": "application/json" };
  return readBytes(url, { method: "POST", headers, body: JSON.stringify(body) }, signal);
}

async function readBytes(url: string, request: RequestInit, signal?: AbortSignal): Promise<Bytes> {
  const absolute = new URL(url, window.location.origin);
  const init: RequestInit = { ...request, credentials: "same-origin" };
  if (signal) init.signal = signal;
  const response = await raiseForStatus(await send(new Request(absolute, init)));
  return { buffer: await response.arrayBuffer(), headers: response.headers };
}

/** POST of a multipart form; resolves with the parsed JSON body. */
export async function postForm<T>(url: string, form: FormData, signal?: AbortSignal): Promise<T> {
  const absolute = new URL(url, window.location.origin);
  const init: RequestInit = { method: "POST", body: form, credentials: "same-origin" };
  if (signal) init.signal = signal;
  const response = await raiseForStatus(await send(new Request(absolute, init)));
  return (await response.json()) as T;
}
