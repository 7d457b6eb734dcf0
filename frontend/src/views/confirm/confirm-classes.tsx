import { IconBulb } from "@tabler/icons-react";
import { Link } from "wouter";
import type { ClassSuggestions } from "../../api/types";
import { formatCount } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { useProject } from "../label/project-context";
import classes from "./confirm.module.css";

export interface ConfirmClassesProps {
  rows: readonly ClassSuggestions[];
  chosen: number | null;
  isNext: boolean;
}

/** The classes with the images that wait in each, and the order of labeling above them. */
export function ConfirmClasses({ rows, chosen, isNext }: ConfirmClassesProps) {
  const { project, classById } = useProject();
  const background = useMapBackground();
  const base = `/projects/${project.id}/confirm`;
  return (
    <nav className={classes.list} aria-label="What to confirm">
      <Link
        href={`${base}/next`}
        className={classes.row}
        aria-current={isNext ? "page" : undefined}
        data-testid="confirm-next"
      >
        <IconBulb size={15} />
        <span className="truncate">Next to label</span>
      </Link>
      {rows.length > 0 && <h2 className={classes.heading}>Predicted as</h2>}
      {rows.map((row) => {
        const entry = classById.get(row.class_id);
        return (
          entry && (
            <Link
              key={row.class_id}
              href={`${base}/${row.class_id}`}
              className={classes.row}
              aria-current={row.class_id === chosen ? "page" : undefined}
              data-testid={`confirm-class-${entry.name}`}
            >
              <i style={{ background: shownColour(entry.colour, background) }} />
              <span className="truncate">{entry.name}</span>
              <span className={`${classes.count} num`} data-none={row.num_waiting === 0}>
                {formatCount(row.num_waiting)}
              </span>
            </Link>
          )
        );
      })}
    </nav>
  );
}
