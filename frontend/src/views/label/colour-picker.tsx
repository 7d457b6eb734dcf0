import { ColorInput, Popover, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { LabelClass } from "../../api/types";
import { textOn } from "../../lib/colour";
import { CLASS_COLOURS, shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import classes from "./colour-picker.module.css";

export interface ColourPickerProps {
  entry: LabelClass;
  isReadOnly: boolean;
  onPick: (colour: string) => void;
}

/** The class's swatch; opens a set of colours that stay apart for colour-blind people, and a field for any other. */
export function ColourPicker({ entry, isReadOnly, onPick }: ColourPickerProps) {
  const background = useMapBackground();
  const [isOpen, setIsOpen] = useState(false);
  const swatch = (
    <span className={classes.dot} style={{ background: shownColour(entry.colour, background) }} />
  );
  if (isReadOnly) return <span className={classes.swatch}>{swatch}</span>;

  const pick = (colour: string) => {
    setIsOpen(false);
    if (colour.toLowerCase() !== entry.colour.toLowerCase()) onPick(colour);
  };
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="right-start" shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.swatch}
          onClick={() => setIsOpen(!isOpen)}
          aria-label={`Colour of ${entry.name}`}
          data-testid={`class-colour-${entry.name}`}
        >
          {swatch}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <div className={classes.grid} role="listbox" aria-label={`Colours for ${entry.name}`}>
          {CLASS_COLOURS.map((colour) => (
            <UnstyledButton
              key={colour}
              className={classes.choice}
              style={{ background: shownColour(colour, background), color: textOn(colour) }}
              onClick={() => pick(colour)}
              role="option"
              aria-label={colour}
              aria-selected={colour === entry.colour}
            >
              {colour === entry.colour && <IconCheck size={13} />}
            </UnstyledButton>
          ))}
        </div>
        <ColorInput
          mt={8}
          size="xs"
          aria-label="Any other colour"
          defaultValue={entry.colour}
          format="hex"
          withEyeDropper={false}
          popoverProps={{ withinPortal: false }}
          onChangeEnd={(colour) => /^#[0-9a-f]{6}$/i.test(colour) && onPick(colour)}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
