import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { ClassPatchLimits } from "../../api/limits.gen";
import classes from "./class-name.module.css";

export interface ClassNameProps {
  name: string;
  /** The new name, or null when nothing changed. */
  onDone: (name: string | null) => void;
}

/** The name as a field in place. Enter and leaving keep it, Escape does not. */
export function ClassName({ name, onDone }: ClassNameProps) {
  const [text, setText] = useState(name);
  const input = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => input.current?.select(), []);

  const finish = (isKept: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    const trimmed = text.trim();
    onDone(isKept && trimmed && trimmed !== name ? trimmed : null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") finish(true);
    if (event.key === "Escape") finish(false);
  };

  return (
    <input
      ref={input}
      className={classes.input}
      value={text}
      maxLength={ClassPatchLimits.name.maxLength}
      aria-label={`New name of ${name}`}
      data-testid="class-rename"
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={() => finish(true)}
    />
  );
}
