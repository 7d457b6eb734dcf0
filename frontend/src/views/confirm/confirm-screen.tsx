import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ApiError } from "../../api/problem";
import { suggestionSummaryQuery } from "../../api/suggestion-queries";
import { Page } from "../common/page";
import { ErrorScreen, LoadingScreen } from "../common/states";
import { OutboxBadge } from "../label/outbox-badge";
import { useProject } from "../label/project-context";
import classes from "./confirm.module.css";
import { ConfirmClasses } from "./confirm-classes";
import { ConfirmPages } from "./confirm-pages";
import { NextToLabelPage } from "./next-to-label-page";
import { NoModel } from "./no-model";
import { RestCard } from "./rest-card";
import { useFreshSuggestions } from "./use-fresh-suggestions";

export const NEXT_TO_LABEL = "next";
const DEFAULT_PRECISION = 0.95;

export function ConfirmScreen({ what }: { what: string | null }) {
  const { project, classById } = useProject();
  const [precision, setPrecision] = useState(DEFAULT_PRECISION);
  const summary = useQuery(suggestionSummaryQuery(project.id, precision));
  const opened = useRef<number | null>(null);
  useFreshSuggestions(project.id);

  const hasNoModel = summary.error instanceof ApiError && summary.error.code === "no_model";
  if (summary.error && !hasNoModel)
    return <ErrorScreen title="The suggestions could not be read" error={summary.error} />;
  if (!summary.data && !hasNoModel) return <LoadingScreen what="suggestions" />;

  const rows = hasNoModel ? [] : (summary.data?.classes ?? []);
  const first = [...rows].sort((a, b) => b.num_waiting - a.num_waiting)[0];
  const isNext = what === NEXT_TO_LABEL;
  // Without a class in the address the fullest one is opened, and stays open while it empties.
  if (opened.current === null && first) opened.current = first.class_id;
  const wanted = what === null ? String(opened.current) : what;
  const row = rows.find((entry) => String(entry.class_id) === wanted) ?? first;
  const chosen = row ? classById.get(row.class_id) : undefined;

  return (
    <Page
      crumbs={[
        { title: "Projects", href: "/" },
        { title: project.name, href: `/projects/${project.id}` },
        { title: "Confirm" },
      ]}
      width="full"
      actions={<OutboxBadge />}
    >
      <div className={classes.columns} data-testid="confirm">
        <div className={classes.side}>
          <ConfirmClasses rows={rows} chosen={isNext ? null : (row?.class_id ?? null)} isNext={isNext} />
          {!isNext && row && chosen && (
            <RestCard
              row={row}
              entry={chosen}
              precision={precision}
              modelVersion={summary.data?.model_version ?? 0}
              onPrecision={setPrecision}
            />
          )}
        </div>
        {isNext ? (
          <NextToLabelPage />
        ) : row && chosen ? (
          <ConfirmPages key={`${row.class_id}`} entry={chosen} />
        ) : (
          <NoModel />
        )}
      </div>
    </Page>
  );
}
