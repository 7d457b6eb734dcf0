/** How good the maps of a model are, and how steady: measured by the worker when it laid them out. */
import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { projectionsQuery } from "../../api/explore-queries";
import { messageOf } from "../../api/problem";
import type { ProjectionVersion } from "../../api/types";
import { formatCount, formatPercent } from "../../lib/format";
import { layoutShape } from "../../lib/layout-shape";
import classes from "./models-page.module.css";

const VIEWS = { whole: "Whole images", crop: "Crops" } as const;
/** Key of the stored quality, heading, and what it means. */
const COLUMNS: readonly [key: string, title: string, meaning: string][] = [
  ["trustworthiness", "Trust", "Neighbours on the map are neighbours in the features; 100 % is best."],
  ["continuity", "Continuity", "Neighbours in the features are neighbours on the map; 100 % is best."],
  ["label_purity", "Same label", "Share of an image's labelled neighbours on the map that have its label."],
  ["median_displacement", "Moved", "Median move since the layout before, as a share of its radius."],
  [
    "whole_displacement",
    "From whole",
    "Median distance of a crop from its whole image, as a share of the radius.",
  ],
];

export interface LayoutQualityProps {
  projectId: number;
  modelNumber: number;
}

export function LayoutQuality({ projectId, modelNumber }: LayoutQualityProps) {
  const { data, error } = useQuery(projectionsQuery(projectId));
  const rows = newestOf(data ?? [], modelNumber);
  return (
    <section className={classes.section}>
      <h2>Maps, as the worker measured them</h2>
      {error && <p>Maps could not be read: {messageOf(error)}</p>}
      {!error && rows.length === 0 && <p>{data ? "This model's maps are no longer kept." : "Reading…"}</p>}
      {rows.length > 0 && (
        <table className={`${classes.table} num`} data-testid="layout-quality">
          <thead>
            <tr>
              <th>Map</th>
              <th>Images</th>
              {COLUMNS.map(([key, title, meaning]) => (
                <Tooltip key={key} label={meaning} multiline maw={260}>
                  <th>{title}</th>
                </Tooltip>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id} data-testid={`layout-${row.view}`}>
                <td>
                  {VIEWS[row.view]}
                  <small className={classes.shape}>{layoutShape(row.parameters)}</small>
                </td>
                <td>{formatCount(row.num_images)}</td>
                {COLUMNS.map(([key]) => (
                  <td key={key}>{shown(row.quality[key])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function shown(value: number | null | undefined): string {
  return value == null ? "–" : formatPercent(value);
}

/** The newest layout of each view that belongs to the model; the list has the newest first. */
function newestOf(all: readonly ProjectionVersion[], modelNumber: number): ProjectionVersion[] {
  const views = Object.keys(VIEWS);
  return views.flatMap(
    (view) => all.find((row) => row.view === view && row.model_version === modelNumber) ?? [],
  );
}
