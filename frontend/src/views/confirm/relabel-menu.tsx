import { Button, Menu } from "@mantine/core";
import { formatCount } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { KeyCap } from "../label/key-cap";
import { useProject } from "../label/project-context";
import classes from "./confirm.module.css";

export interface RelabelMenuProps {
  count: number;
  without: number | null;
  onRelabel: (classId: number) => void;
}

/** Gives the picked images another class at once; class keys do the same. */
export function RelabelMenu({ count, without, onRelabel }: RelabelMenuProps) {
  const { classes: all } = useProject();
  const background = useMapBackground();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button size="sm" variant="default" disabled={count === 0} data-testid="relabel">
          {without === null ? "Label" : "Wrong ones"} {count > 0 ? formatCount(count) : ""}…
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {all
          .filter((entry) => entry.id !== without)
          .map((entry) => (
            <Menu.Item
              key={entry.id}
              leftSection={<i style={{ background: shownColour(entry.colour, background) }} />}
              rightSection={entry.hotkey ? <KeyCap hotkey={entry.hotkey} /> : undefined}
              onClick={() => onRelabel(entry.id)}
              data-testid={`relabel-${entry.name}`}
            >
              {entry.name}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
