import { Button, NumberInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap } from "../../api/client";
import { LabelTheRestInLimits } from "../../api/limits.gen";
import { messageOf } from "../../api/problem";
import type { ClassSuggestions, LabelClass } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import { whyProvisional } from "../../lib/model-name";
import { randomId } from "../../lib/uuid";
import { useProject } from "../label/project-context";
import classes from "./confirm.module.css";
import { promiseOf } from "./page-words";

const LOWEST_PERCENT = 100 * LabelTheRestInLimits.precision.minimum;
const HIGHEST_PERCENT = 100 * LabelTheRestInLimits.precision.maximum;

export interface RestCardProps {
  row: ClassSuggestions;
  entry: LabelClass;
  precision: number;
  modelVersion: number;
  onPrecision: (precision: number) => void;
}

/** "Label the rest" of a class: a precision, what held-out labels promise for it, and one button. */
export function RestCard({ row, entry, precision, modelVersion, onPrecision }: RestCardProps) {
  const { project, session, may } = useProject();
  const [percent, setPercent] = useState<string | number>(Math.round(1000 * precision) / 10);
  useEffect(() => {
    const value = Number(percent);
    if (!(value >= LOWEST_PERCENT && value <= HIGHEST_PERCENT)) return;
    const timer = setTimeout(() => onPrecision(value / 100), 250);
    return () => clearTimeout(timer);
  }, [percent, onPrecision]);
  const promise = promiseOf(row, precision);
  const provisional = project.model ? whyProvisional(project.model, project) : null;

  const label = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/label-the-rest", {
          params: { path: { project_id: project.id } },
          body: {
            client_action_id: randomId(),
            class_id: entry.id,
            precision,
            model_version: modelVersion,
          },
        }),
      ),
    onSuccess: ({ num_labelled }) => {
      void session.sync.catchUp();
      notifications.show({
        message: `${formatPlural(num_labelled, "image")} labelled ${entry.name}. Ctrl+Z takes it back.`,
      });
    },
    onError: (error) => notifications.show({ message: messageOf(error), color: "red" }),
  });

  return (
    <section className={classes.rest} aria-label="Label the rest" data-testid="rest-card">
      <h2>Label the rest</h2>
      <NumberInput
        label="Precision to keep"
        value={percent}
        onChange={setPercent}
        min={LOWEST_PERCENT}
        max={HIGHEST_PERCENT}
        step={1}
        decimalScale={1}
        suffix=" %"
        data-testid="rest-precision"
      />
      <p className={classes.promise} data-can={promise.canLabel} role="status">
        <b>{promise.title}</b>
        <span data-testid="rest-promise">{promise.detail}</span>
        {provisional && <span data-testid="rest-provisional">{provisional}</span>}
      </p>
      {may("label") && (
        <Button
          fullWidth
          disabled={!promise.canLabel}
          loading={label.isPending}
          onClick={() => label.mutate()}
          data-testid="rest-label"
        >
          {promise.canLabel ? `Label ${formatCount(row.num_above)} as ${entry.name}` : "Label the rest"}
        </Button>
      )}
    </section>
  );
}
