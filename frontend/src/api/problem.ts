/** Failed requests as typed errors: the server said no (`ApiError`), or was not reached (`NetworkError`). */

import type { Problem } from "./types";

export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

export class NetworkError extends Error {
  constructor(cause: unknown) {
    super("The server cannot be reached. Check the connection.", { cause });
    this.name = "NetworkError";
  }
}

/** Reads a problem out of any error body; what is not one becomes a problem that names the status. */
export function problemFromBody(body: unknown, status: number): Problem {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (key: string): string => (typeof fields[key] === "string" ? fields[key] : "");
  const [first] = listOf(fields.errors);
  return {
    type: text("type") || "about:blank",
    title: text("title") || TITLES[status] || `The server answered ${status}`,
    status,
    detail: text("detail") || (first?.message ?? ""),
    code: text("code") || first?.code || `http_${status}`,
  };
}

/** Of answers under `/api/auth/`, which have no title. */
const TITLES: Record<number, string> = {
  401: "Sign in first",
  403: "This is not open to you",
  409: "This does not fit any more; load the page again",
  429: "Too many tries. Wait a few minutes",
};

interface FieldError {
  message?: string;
  code?: string;
}

function listOf(errors: unknown): readonly FieldError[] {
  return Array.isArray(errors) ? errors : [];
}

/** One line for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
