/** Select by other means than a drag: all, none, neighbours; and selections kept under a name. */
import { ActionIcon, Button, Popover, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconBookmark, IconSelectAll, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { AppAction } from "../../lib/actions";
import { formatCount } from "../../lib/format";
import { onlyPassing } from "../../state/filter";
import { MAX_NAME_CHARS, type SavedSelection } from "../../state/saved-selections";
import { setSelection } from "../../state/selection";
import { KeyCap } from "./key-cap";
import classes from "./map-select-menu.module.css";
import { useProject } from "./project-context";

const LISTED = [
  "select.all",
  "select.none",
  "select.invert",
  "select.unlabelled",
  "select.grow",
  "select.alike",
  "select.shrink",
  "select.colour",
];

export function MapSelectMenu({ actions }: { actions: readonly AppAction[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const listed = LISTED.flatMap((id) => actions.find((action) => action.id === id) ?? []);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="top" width={310} trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label="Select, and keep selections" disabled={isOpen}>
          <ActionIcon
            aria-label="Select, and keep selections"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
            data-testid="select-menu"
          >
            <IconSelectAll size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.menu} aria-label="Select">
        {listed.map(({ id, title, hotkeys, isEnabled, run }) => (
          <UnstyledButton
            key={id}
            className={classes.item}
            disabled={!isEnabled}
            onClick={run}
            data-testid={`menu-${id}`}
          >
            <span>{title}</span>
            {hotkeys[0] && <KeyCap hotkey={hotkeys[0]} />}
          </UnstyledButton>
        ))}
        <SavedList />
      </Popover.Dropdown>
    </Popover>
  );
}

function SavedList() {
  const { session } = useProject();
  const saved = useStore(session.savedSelections.store, (state) => state.saved);
  const selected = useStore(session.selection, (selection) => selection.indexes);
  const [name, setName] = useState("");
  const canSave = name.trim() !== "" && selected.length > 0;
  const save = () => {
    if (!canSave) return;
    void session.savedSelections.save(name, selected);
    setName("");
  };
  const show = ({ indexes }: SavedSelection) => {
    const numImages = session.map.getState().data?.numImages ?? 0;
    const there = indexes.filter((index) => index < numImages);
    setSelection(session.selection, onlyPassing(session.filter, there), {
      gesture: "click",
      now_ms: performance.now(),
    });
  };
  return (
    <section className={classes.saved} aria-label="Saved selections">
      {saved.map((entry) => (
        <div key={entry.name} className={classes.entry}>
          <UnstyledButton
            className={classes.item}
            onClick={() => show(entry)}
            data-testid={`selection-${entry.name}`}
          >
            <IconBookmark size={14} />
            <span className="truncate">{entry.name}</span>
            <span className={`${classes.count} num`}>{formatCount(entry.indexes.length)}</span>
          </UnstyledButton>
          <ActionIcon
            size="sm"
            aria-label={`Forget ${entry.name}`}
            onClick={() => void session.savedSelections.forget(entry.name)}
          >
            <IconX size={13} />
          </ActionIcon>
        </div>
      ))}
      <div className={classes.save}>
        <TextInput
          placeholder={selected.length > 0 ? "Name this selection" : "Select images, then name them"}
          aria-label="Name this selection"
          value={name}
          maxLength={MAX_NAME_CHARS}
          disabled={selected.length === 0}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && save()}
          data-testid="selection-name"
        />
        <Button variant="default" disabled={!canSave} onClick={save} data-testid="selection-save">
          Save
        </Button>
      </div>
    </section>
  );
}
