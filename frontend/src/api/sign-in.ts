/**
 * Signing in and one's own account: the calls of django-allauth under `/api/auth/`. Its 401 is an answer, not a failure:
 * a step of signing in is open, or a change asks again who it is.
 */
import createClient from "openapi-fetch";
import { send } from "./client";
import { ApiError, problemFromBody } from "./problem";
import type { components, paths } from "./sign-in.gen";

type Schemas = components["schemas"];
export type Authenticator = Schemas["AuthenticatorList"][number];
export type EmailAddress = Schemas["EmailAddress"];
export type ProviderAccount = Schemas["ProviderAccount"];
export type SecondFactor = Schemas["AuthenticatorType"];
type Flow = Schemas["Flow"];

export const signInApi = createClient<paths>({ baseUrl: "", credentials: "same-origin", fetch: send });

interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** What is left to do after a step: nothing, or a second factor of one of these kinds. */
export type SignInState = { step: "done" } | { step: "second-factor"; types: readonly SecondFactor[] };

const PENDING_WORDS: Partial<Record<Flow["id"], string>> = {
  provider_signup:
    "The address of that account belongs to somebody here already. Sign in with your password.",
  verify_email: "Confirm your e-mail address first: a link was sent to it.",
};

/** Where a call of signing in leads. */
export async function signInState(call: Promise<Answer>): Promise<SignInState> {
  const { response, error } = await call;
  if (response.ok) return { step: "done" };
  if (response.status === 401) {
    const pending = flowsOf(error).find((flow) => flow.is_pending);
    if (pending?.id === "mfa_authenticate") return { step: "second-factor", types: pending.types ?? [] };
    const detail = pending && PENDING_WORDS[pending.id];
    if (detail) throw new ApiError(problemFromBody({ detail, code: pending.id }, 401));
  }
  throw failureOf(response, error);
}

/** Ways to say again who one is. */
export interface Reauthentication {
  password: boolean;
  types: readonly SecondFactor[];
}

let askAgain: (ways: Reauthentication) => Promise<boolean> = async () => false;

/** `ask` shows the dialog that asks again who it is; resolves false when it was closed. */
export function setReauthenticator(ask: typeof askAgain): void {
  askAgain = ask;
}

/** The body of a call on one's own account; asks again who it is where the server wants that, once. */
export async function account<T>(
  call: () => Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let { data, error, response } = await call();
  if (response.status === 401 && isSignedIn(error) && (await askAgain(waysOf(flowsOf(error))))) {
    ({ data, error, response } = await call());
  }
  if (!response.ok) throw failureOf(response, error);
  return data as T;
}

/** A call that is done although nobody is signed in afterwards, such as a password reset. */
export async function doneBySomebody(call: Promise<Answer>): Promise<void> {
  const { response, error } = await call;
  if (!response.ok && response.status !== 401) throw failureOf(response, error);
}

function failureOf(response: Response, body: unknown): ApiError {
  return new ApiError(problemFromBody(body, response.status));
}

function isSignedIn(body: unknown): boolean {
  return (body as { meta?: { is_authenticated?: boolean } } | undefined)?.meta?.is_authenticated === true;
}

function flowsOf(body: unknown): readonly Flow[] {
  return (body as { data?: { flows?: Flow[] } } | undefined)?.data?.flows ?? [];
}

function waysOf(flows: readonly Flow[]): Reauthentication {
  return {
    password: flows.some((flow) => flow.id === "reauthenticate"),
    types: flows.find((flow) => flow.id === "mfa_reauthenticate")?.types ?? [],
  };
}
