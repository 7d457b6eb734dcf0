/** Whose a pressed key is: a field's that somebody types in, a control's that uses that key itself, or the screen's. */

const TEXT_FREE_INPUTS: ReadonlySet<string> = new Set([
  "radio",
  "checkbox",
  "range",
  "button",
  "submit",
  "reset",
  "file",
]);
/** Keys with which a focused control is worked. */
const CONTROL_KEYS: ReadonlySet<string> = new Set([
  " ",
  "Enter",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
]);

/** What is read of the element that has the focus. */
export interface KeyTarget {
  readonly tagName: string;
  readonly type?: string;
  /** A list to choose from is a field without typing. */
  readonly readOnly?: boolean;
  readonly isContentEditable?: boolean;
}

/** True when the screen's own keys are to leave the key alone. */
export function isKeyTaken(target: KeyTarget | null, key: string): boolean {
  if (!target) return false;
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  if (target.tagName !== "INPUT") return false;
  const isTyped = !target.readOnly && !TEXT_FREE_INPUTS.has(target.type ?? "text");
  return isTyped || CONTROL_KEYS.has(key);
}
