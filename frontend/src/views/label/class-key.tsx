import { Popover, UnstyledButton } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import type { LabelClass } from "../../api/types";
import { checkHotkey } from "../../lib/hotkeys";
import classes from "./class-key.module.css";
import { useProject } from "./project-context";

export interface ClassKeyProps {
  entry: LabelClass;
  isReadOnly: boolean;
  onChange: (hotkey: string) => void;
}

/** The class's key. Click it, then press another key; Backspace takes it away. */
export function ClassKey({ entry, isReadOnly, onChange }: ClassKeyProps) {
  const { classes: all } = useProject();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState<string | null>(null);

  const open = (next: boolean) => {
    setReason(null);
    setIsOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen || event.key === "Tab" || event.key === "Enter" || event.key === " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return open(false);
    if (event.key === "Backspace" || event.key === "Delete") {
      onChange("");
      return open(false);
    }
    const others = new Map(
      all.filter((other) => other.id !== entry.id).map((other) => [other.hotkey, other.name]),
    );
    const verdict = checkHotkey(event.key, others);
    if (!verdict.ok) return setReason(verdict.reason);
    onChange(verdict.key);
    open(false);
  };

  const cap = entry.hotkey ? entry.hotkey.toUpperCase() : "–";
  if (isReadOnly) return <kbd className={classes.key}>{cap}</kbd>;
  return (
    <Popover opened={isOpen} onChange={open} position="right" withArrow>
      <Popover.Target>
        <UnstyledButton
          className={classes.key}
          data-empty={!entry.hotkey}
          onClick={() => open(!isOpen)}
          onKeyDown={onKeyDown}
          aria-label={`Key of ${entry.name}: ${entry.hotkey || "none"}. Change it`}
          data-testid={`class-key-${entry.name}`}
        >
          {cap}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <div className={classes.hint} role="status">
          {reason ?? `Press the new key of ${entry.name}`}
          <span>Backspace: no key</span>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
