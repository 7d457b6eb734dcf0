import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { LabelClass } from "../../api/types";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import buttons from "./class-buttons.module.css";

export interface ClassButtonsProps {
  classes: readonly LabelClass[];
  onAssign: (classId: number) => void;
  /** More buttons at the end. */
  children?: ReactNode;
}

/** One button per class, with its key. */
export function ClassButtons({ classes, onAssign, children }: ClassButtonsProps) {
  const background = useMapBackground();
  return (
    <fieldset className={buttons.buttons} aria-label="Give a class">
      {classes.map((entry) => (
        <UnstyledButton
          key={entry.id}
          className={buttons.button}
          onClick={() => onAssign(entry.id)}
          data-testid={`assign-${entry.name}`}
        >
          <i style={{ background: shownColour(entry.colour, background) }} />
          <span className="truncate">{entry.name}</span>
          {entry.hotkey && <kbd>{entry.hotkey.toUpperCase()}</kbd>}
        </UnstyledButton>
      ))}
      {children}
    </fieldset>
  );
}
