import { UnstyledButton } from "@mantine/core";
import type { ModelVersion } from "../../api/types";
import { formatAgo, formatPercent, formatPlural } from "../../lib/format";
import { modelName } from "../../lib/model-name";
import classes from "./models-page.module.css";

export interface ModelListProps {
  models: readonly ModelVersion[];
  chosen: number;
  onChoose: (modelNumber: number) => void;
}

export function ModelList({ models, chosen, onChoose }: ModelListProps) {
  return (
    <ul className={classes.list} aria-label="Model versions">
      {models.map((model) => (
        <li key={model.number}>
          <UnstyledButton
            className={`${classes.item} num`}
            aria-current={model.number === chosen}
            onClick={() => onChoose(model.number)}
            data-testid={`model-${model.number}`}
          >
            <b>{modelName(model)}</b>
            <b>{model.accuracy == null ? "–" : formatPercent(model.accuracy)}</b>
            <small>{formatPlural(model.num_labels, "label")}</small>
            <small>{formatAgo(model.created_at, new Date())}</small>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
