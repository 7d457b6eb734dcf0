/** The right panel: the selected images as a grid, what labelling them would do, and the classes to give them. */
import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useStore } from "zustand";
import { formatPlural } from "../../lib/format";
import { keepFocus } from "./keep-focus";
import { KeyCap } from "./key-cap";
import { undoLast } from "./label-gestures";
import panel from "./panel.module.css";
import { PendingGuard } from "./pending-guard";
import { useProject } from "./project-context";
import { SelectionClasses } from "./selection-classes";
import { SelectionGrid } from "./selection-grid";
import { SelectionGuard } from "./selection-guard";
import classes from "./selection-panel.module.css";
import { SelectionTools } from "./selection-tools";
import { useGuardReport } from "./use-guard-report";
import { useSelectionOrder } from "./use-selection-order";

export interface SelectionPanelProps {
  onAssign: (classId: number) => void;
  onClear: () => void;
  onClearLabels: () => void;
}

export function SelectionPanel(props: SelectionPanelProps) {
  const { session } = useProject();
  const hasAny = useStore(session.selection, ({ indexes, leftOut }) => indexes.length + leftOut.length > 0);
  const numImages = useStore(session.map, (state) => state.data?.numPresent ?? 0);
  if (numImages === 0) return null;
  return hasAny ? <Selected {...props} /> : <NothingSelected />;
}

function Selected({ onAssign, onClear, onClearLabels }: SelectionPanelProps) {
  const { session, may } = useProject();
  const numSelected = useStore(session.selection, (selection) => selection.indexes.length);
  const isWide = useStore(session.grid, (grid) => grid.isWide);
  const guard = useGuardReport();
  const { ordered, isOut, odd, sortBy, isSettled } = useSelectionOrder();
  return (
    <aside
      className={`${panel.panel} ${classes.panel}`}
      aria-label="Selection"
      data-testid="selection-panel"
      data-count={numSelected}
      data-wide={isWide}
      onMouseDown={keepFocus}
    >
      <div className={panel.head}>
        <h2
          className={`${panel.title} ${classes.count} num`}
          aria-live="polite"
          data-testid="selection-count"
        >
          {formatPlural(numSelected, "image")} selected
        </h2>
        <Tooltip label="Select nothing (Esc)">
          <ActionIcon size="sm" onClick={onClear} aria-label="Select nothing" data-testid="selection-clear">
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      {guard ? <PendingGuard {...guard} /> : <SelectionGuard />}
      <SelectionTools sortBy={sortBy} odd={odd} />
      <SelectionGrid
        ordered={ordered}
        isOut={isOut}
        flagged={guard ? guard.report.doubtful : odd}
        isSettled={isSettled}
      />
      {may("label") && !guard && <SelectionClasses onAssign={onAssign} onClearLabels={onClearLabels} />}
    </aside>
  );
}

/** Before a selection: what was labelled last, or how to select. */
function NothingSelected() {
  const { session, classById, may } = useProject();
  const lastLabel = useStore(session.screen, (screen) => screen.lastLabel);
  const name = lastLabel?.classId == null ? null : classById.get(lastLabel.classId)?.name;
  return (
    <aside
      className={`${panel.panel} ${classes.panel} ${classes.hint}`}
      aria-label="Selection"
      data-testid="selection-hint"
    >
      {lastLabel ? (
        <p className={classes.done} data-testid="last-label">
          <span>
            <b className="num">{formatPlural(lastLabel.count, "image")}</b>{" "}
            {name ? (
              <>
                labelled <b>{name}</b>
              </>
            ) : (
              "without label now"
            )}
          </span>
          <UnstyledButton className={classes.undo} onClick={() => undoLast(session)} data-testid="undo-label">
            Undo <KeyCap hotkey="mod+z" />
          </UnstyledButton>
        </p>
      ) : (
        <p className={classes.done}>
          <span>Drag around images to select them{may("label") ? ", then press a class key" : ""}.</span>
        </p>
      )}
    </aside>
  );
}
