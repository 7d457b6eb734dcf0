/** The training policy of a project in words, and the recipes it may choose from. */
import type { Project } from "../api/types";
import { formatPlural, NO_BREAK } from "./format";

export type Recipe = Project["recipe"];

export interface RecipeChoice {
  readonly id: Recipe;
  readonly title: string;
  readonly detail: string;
  readonly cost: string;
}

export const RECIPES: readonly RecipeChoice[] = [
  {
    id: "head",
    title: "Classifier on fixed features",
    detail: "Right for most sets, and the only one that keeps up with labelling on a CPU.",
    cost: "Seconds.",
  },
  {
    id: "conv",
    title: "With a 1×1 convolution before it",
    detail: "Mixes the network's channels for your classes, so that the map itself sorts by them.",
    cost: "A pass over all images each time.",
  },
  {
    id: "last_stage",
    title: "Last stage of the network",
    detail: "For pictures unlike photographs; wants some hundred labels.",
    cost: "Minutes, and a pass over all images each time.",
  },
  {
    id: "whole",
    title: "Whole network",
    detail: "For many labels and a GPU.",
    cost: "The longest, and a pass over all images each time.",
  },
];

/** True where the network's own layers are trained, which attention dropout needs. */
export function trainsNetwork(recipe: Recipe): boolean {
  return recipe === "last_stage" || recipe === "whole";
}

type Policy = Pick<
  Project,
  "trains_by_itself" | "labels_per_class_to_train" | "provisional_labels_per_class" | "retrain_percent"
>;

/** One sentence or two for people. */
export function whenItTrains(policy: Policy): string {
  if (!policy.trains_by_itself) return "A model is trained only when somebody asks for it.";
  const threshold = policy.labels_per_class_to_train;
  const first = firstTraining(policy);
  const early = first < threshold ? `A provisional model comes at ${first} in every class. ` : "";
  return (
    `${early}A model is trained when every class has ${formatPlural(threshold, "label")}, ` +
    `and again with ${policy.retrain_percent}${NO_BREAK}% more.`
  );
}

/** What brings the first model, in one sentence. */
export function whatBringsAModel(
  policy: Pick<Policy, "trains_by_itself" | "labels_per_class_to_train" | "provisional_labels_per_class">,
): string {
  if (!policy.trains_by_itself) return "A model is trained when somebody asks for it.";
  return `At ${formatPlural(firstTraining(policy), "label")} in every class a first model trains by itself.`;
}

/** Labels that every class needs before anything is trained. */
export function firstTraining(
  policy: Pick<Policy, "labels_per_class_to_train" | "provisional_labels_per_class">,
): number {
  return Math.min(
    policy.labels_per_class_to_train,
    policy.provisional_labels_per_class ?? Number.POSITIVE_INFINITY,
  );
}
