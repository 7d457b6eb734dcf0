import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useStore } from "zustand";
import classes from "./class-panel.module.css";
import { KeyCap } from "./key-cap";
import { useProject } from "./project-context";

export interface ClassFinderProps {
  value: string;
  onChange: (text: string) => void;
  /** Arrow keys: down is 1. */
  onStep: (step: number) => void;
  /** Enter. */
  onPick: () => void;
  canLabel: boolean;
}

/** Type a few letters of a class, Enter labels the selection with it. */
export function ClassFinder({ value, onChange, onStep, onPick, canLabel }: ClassFinderProps) {
  const { session } = useProject();
  const input = useRef<HTMLInputElement>(null);
  const request = useStore(session.screen, (screen) => screen.findClassRequest);
  useEffect(() => {
    if (request > 0) input.current?.focus();
  }, [request]);

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      onStep(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Enter") {
      // The key that picks the class does not also answer the guard that it may bring up.
      event.stopPropagation();
      event.preventDefault();
      if (value.trim()) onPick();
      event.currentTarget.blur();
    } else if (event.key === "Escape") {
      onChange("");
      event.currentTarget.blur();
      event.stopPropagation();
    }
  };
  return (
    <TextInput
      ref={input}
      className={classes.find}
      leftSection={<IconSearch size={13} />}
      rightSection={value ? null : <KeyCap hotkey="/" />}
      placeholder={canLabel ? "Type a class, Enter labels" : "Find a class"}
      aria-label="Find a class"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      data-testid="find-class"
    />
  );
}
