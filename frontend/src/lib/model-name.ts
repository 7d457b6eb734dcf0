/** How a model version is called wherever its numbers are shown. */
import type { ModelVersion, Project } from "../api/types";

type Named = Pick<ModelVersion | NonNullable<Project["model"]>, "number" | "is_provisional">;

/** "Model 3", or "Model 3 (provisional)" for one that came before every class had its labels. */
export function modelName({ number, is_provisional }: Named): string {
  return is_provisional ? `Model ${number} (provisional)` : `Model ${number}`;
}

/** What that word means, for a person who reads the model's numbers; nothing for a model that is not provisional. */
export function whyProvisional(
  model: Pick<Named, "is_provisional">,
  project: Pick<Project, "labels_per_class_to_train">,
): string | null {
  if (!model.is_provisional) return null;
  return `Trained before every class had ${project.labels_per_class_to_train} labels: its numbers will still move.`;
}
