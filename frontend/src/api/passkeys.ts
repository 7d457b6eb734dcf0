/** Passkeys: what the browser does between two calls of the server. Options and answers are WebAuthn's own JSON. */

export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential !== "undefined" &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

/** Makes a key pair in the device; `options` as the server sent them. */
export async function createPasskey(options: unknown): Promise<Record<string, never>> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    publicKeyOf(options) as PublicKeyCredentialCreationOptionsJSON,
  );
  return toJson(await navigator.credentials.create({ publicKey }));
}

/** Signs the server's challenge with a key that the person picks. */
export async function signWithPasskey(options: unknown): Promise<Record<string, never>> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    publicKeyOf(options) as PublicKeyCredentialRequestOptionsJSON,
  );
  return toJson(await navigator.credentials.get({ publicKey }));
}

/** True for the error of a person who closed the browser's own dialog. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");

function publicKeyOf(options: unknown): unknown {
  return (options as { publicKey: unknown }).publicKey;
}

/** The generated type of a credential says nothing of its fields. */
function toJson(credential: Credential | null): Record<string, never> {
  if (!(credential instanceof PublicKeyCredential)) throw new Error("The browser gave no passkey");
  return credential.toJSON() as unknown as Record<string, never>;
}
