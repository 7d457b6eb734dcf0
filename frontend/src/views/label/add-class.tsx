import { TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { ClassInLimits } from "../../api/limits.gen";
import classes from "./add-class.module.css";
import { useProject } from "./project-context";
import type { ClassEdits } from "./use-class-edits";

/** Adds a class in place: type a name, press Enter. Colour and key are chosen and can be changed after. */
export function AddClass({ edits }: { edits: ClassEdits }) {
  const { session } = useProject();
  const [name, setName] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const request = useStore(session.screen, (screen) => screen.addClassRequest);
  useEffect(() => {
    if (request > 0) input.current?.focus();
  }, [request]);

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape") event.currentTarget.blur();
    if (event.key !== "Enter" || !name.trim()) return;
    edits.add(name.trim());
    setName("");
  };
  return (
    <div className={classes.add}>
      <TextInput
        ref={input}
        variant="unstyled"
        leftSection={<IconPlus size={14} />}
        placeholder="Add a class"
        aria-label="Add a class"
        value={name}
        maxLength={ClassInLimits.name.maxLength}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-testid="add-class"
      />
    </div>
  );
}
