import { Button, Checkbox, Group, NumberInput, Radio, Stack, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../api/client";
import { ProjectPatchLimits } from "../../api/limits.gen";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { Project } from "../../api/types";
import { may } from "../../lib/permissions";
import { RECIPES, type Recipe, trainsNetwork, whenItTrains } from "../../lib/training-policy";
import classes from "./settings.module.css";
import { TrainNow } from "./train-now";

const { labels_per_class_to_train, provisional_labels_per_class, retrain_percent } = ProjectPatchLimits;

/** When the project trains by itself, and what a training trains. */
export function TrainingSettings({ project }: { project: Project }) {
  const queryClient = useQueryClient();
  const [isAutomatic, setIsAutomatic] = useState(project.trains_by_itself);
  const [threshold, setThreshold] = useState<string | number>(project.labels_per_class_to_train);
  const [isProvisional, setIsProvisional] = useState(project.provisional_labels_per_class !== null);
  const [provisional, setProvisional] = useState<string | number>(project.provisional_labels_per_class ?? 10);
  const [growth, setGrowth] = useState<string | number>(project.retrain_percent);
  const [recipe, setRecipe] = useState<Recipe>(project.recipe);
  const [usesAdl, setUsesAdl] = useState(project.uses_adl);
  const isReadOnly = !may(project.role, "editProject");

  const policy = {
    trains_by_itself: isAutomatic,
    labels_per_class_to_train: Number(threshold),
    provisional_labels_per_class: isProvisional ? Number(provisional) : null,
    retrain_percent: Number(growth),
  };
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        api.PATCH("/api/v1/projects/{project_id}", {
          params: { path: { project_id: project.id } },
          body: { ...policy, recipe, uses_adl: usesAdl && trainsNetwork(recipe) },
        }),
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(keys.project(project.id), saved);
      notifications.show({ message: "Training settings saved." });
    },
    onError: (error) => notifications.show({ message: messageOf(error), color: "red" }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };

  return (
    <>
      <div>
        <h2 className={classes.title}>Training</h2>
        <p className={classes.lead} data-testid="training-policy">
          {whenItTrains(policy)}
        </p>
      </div>
      <form onSubmit={submit} className={`${classes.card} ${classes.padded}`}>
        <fieldset disabled={isReadOnly} style={{ all: "unset", display: "block" }}>
          <Stack gap="lg">
            <Switch
              label="Train by itself"
              description="Off: a model is trained only when somebody asks for it."
              checked={isAutomatic}
              onChange={(event) => setIsAutomatic(event.currentTarget.checked)}
              data-testid="training-automatic"
            />
            <Group align="flex-start" grow>
              <NumberInput
                label="Labels per class"
                description="that every class needs for the first full model"
                size="sm"
                min={labels_per_class_to_train.minimum}
                max={labels_per_class_to_train.maximum}
                allowDecimal={false}
                disabled={!isAutomatic}
                value={threshold}
                onChange={setThreshold}
                data-testid="settings-threshold"
              />
              <NumberInput
                label="More labels before the next"
                description="counted from the last training"
                size="sm"
                min={retrain_percent.minimum}
                max={retrain_percent.maximum}
                suffix=" %"
                allowDecimal={false}
                disabled={!isAutomatic}
                value={growth}
                onChange={setGrowth}
                data-testid="training-growth"
              />
            </Group>
            <Group align="flex-end" gap="md">
              <Switch
                label="Provisional model"
                description="Early predictions from few labels."
                checked={isProvisional}
                disabled={!isAutomatic}
                onChange={(event) => setIsProvisional(event.currentTarget.checked)}
                data-testid="training-provisional"
              />
              <NumberInput
                aria-label="Labels per class for a provisional model"
                size="sm"
                w={150}
                min={provisional_labels_per_class.minimum}
                max={provisional_labels_per_class.maximum}
                suffix=" per class"
                allowDecimal={false}
                disabled={!isAutomatic || !isProvisional}
                value={provisional}
                onChange={setProvisional}
                data-testid="training-provisional-labels"
              />
            </Group>
            <RecipeChoice recipe={recipe} onChange={setRecipe} />
            <Checkbox
              label="Attention dropout (ADL)"
              description="Hides the most telling places while the network trains, so that its attention covers more of each object."
              checked={usesAdl && trainsNetwork(recipe)}
              disabled={!trainsNetwork(recipe)}
              onChange={(event) => setUsesAdl(event.currentTarget.checked)}
              data-testid="training-adl"
            />
            {!isReadOnly && (
              <Group justify="space-between">
                <TrainNow project={project} />
                <Button type="submit" size="sm" loading={save.isPending} data-testid="training-save">
                  Save
                </Button>
              </Group>
            )}
          </Stack>
        </fieldset>
      </form>
    </>
  );
}

function RecipeChoice({ recipe, onChange }: { recipe: Recipe; onChange: (recipe: Recipe) => void }) {
  return (
    <Radio.Group
      label="What is trained"
      value={recipe}
      onChange={(value) => onChange(value as Recipe)}
      data-testid="training-recipe"
    >
      <Stack gap="xs" mt={6}>
        {RECIPES.map((entry) => (
          <Radio
            key={entry.id}
            value={entry.id}
            label={entry.title}
            description={<Text span size="xs">{`${entry.detail} ${entry.cost}`}</Text>}
            data-testid={`recipe-${entry.id}`}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
