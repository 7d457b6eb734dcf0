import { Button, MultiSelect, NumberInput, RangeSlider, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useStore } from "zustand";
import { annotatorsQuery } from "../../api/array-queries";
import { importsQuery } from "../../api/queries";
import { type Agreement, type Filter, type ModelSays, NO_FILTER } from "../../lib/filter";
import { changeFilter } from "../../state/filter";
import classes from "./filter-control.module.css";
import { useProject } from "./project-context";
import { SavedViews } from "./saved-views";

const SEARCH_AFTER_MS = 250;
const idsOf = (values: string[]) => values.map(Number);
const POPUP = { withinPortal: false } as const;

/** What a field says while nothing is chosen in it. */
const anyUnless = (chosen: readonly unknown[]) => (chosen.length === 0 ? "Any" : "");

/** Everything that can be asked of images. */
export function FilterForm({ onClose }: { onClose: () => void }) {
  const { session, classes: active } = useProject();
  const filter = useStore(session.filter, (state) => state.filter);
  const hasModel = useStore(session.map, (state) => state.data?.modelVersion != null);
  const annotators = useQuery(annotatorsQuery(session.projectId)).data ?? [];
  const imports = useQuery(importsQuery(session.projectId)).data ?? [];
  const change = (changes: Partial<Filter>) => changeFilter(session.filter, changes);
  const [text, setText] = useState(filter.text);
  const search = useDebouncedCallback((value: string) => change({ text: value }), SEARCH_AFTER_MS);
  const classOptions = (none: string) => [
    { value: "0", label: none },
    ...active.map((entry) => ({ value: String(entry.id), label: entry.name })),
  ];
  const multi = { size: "xs", clearable: true, searchable: true, comboboxProps: POPUP } as const;

  return (
    <div className={classes.form} data-testid="filter-form">
      <TextInput
        data-autofocus
        leftSection={<IconSearch size={13} />}
        placeholder="File name or folder"
        aria-label="File name or folder"
        value={text}
        maxLength={200}
        onChange={(event) => {
          setText(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
        data-testid="filter-text"
      />
      <MultiSelect
        {...multi}
        label="Label"
        placeholder={anyUnless(filter.labels)}
        data={classOptions("No label")}
        value={filter.labels.map(String)}
        onChange={(values) => change({ labels: idsOf(values) })}
        data-testid="filter-labels"
      />
      <MultiSelect
        {...multi}
        label="Prediction"
        placeholder={anyUnless(filter.predictions)}
        disabled={!hasModel}
        data={classOptions("Not predicted yet")}
        value={filter.predictions.map(String)}
        onChange={(values) => change({ predictions: idsOf(values) })}
        data-testid="filter-predictions"
      />
      <div>
        <div className={classes.label}>
          <span>Confidence</span>
          <span className="num">
            {filter.confidence[0]}–{filter.confidence[1]} %
          </span>
        </div>
        <RangeSlider
          size={3}
          thumbSize={13}
          minRange={0}
          label={null}
          disabled={!hasModel}
          value={[...filter.confidence]}
          onChange={(confidence) => change({ confidence })}
          thumbFromLabel="Lowest confidence"
          thumbToLabel="Highest confidence"
          data-testid="filter-confidence"
        />
      </div>
      <Select
        label="Model and label"
        disabled={!hasModel}
        comboboxProps={POPUP}
        data={[
          { value: "any", label: "Any" },
          { value: "other", label: "Model says something else" },
          { value: "same", label: "Model says the same" },
        ]}
        value={filter.modelSays}
        onChange={(value) => change({ modelSays: value as ModelSays })}
        data-testid="filter-model"
      />
      <MultiSelect
        {...multi}
        label="Annotator"
        placeholder={anyUnless(filter.annotators)}
        data={annotators.map(({ id, username }) => ({ value: String(id), label: username }))}
        value={filter.annotators.map(String)}
        onChange={(values) => change({ annotators: idsOf(values) })}
        data-testid="filter-annotators"
      />
      <Select
        label="Agreement"
        comboboxProps={POPUP}
        data={[
          { value: "any", label: "Any" },
          { value: "one", label: "Labelled by one person" },
          { value: "agree", label: "All annotators agree" },
          { value: "disagree", label: "Annotators disagree" },
        ]}
        value={filter.agreement}
        onChange={(value) => change({ agreement: value as Agreement })}
        data-testid="filter-agreement"
      />
      <FileFields
        filter={filter}
        change={change}
        imports={imports.map(({ id, name }) => ({ value: String(id), label: name }))}
      />
      <SavedViews />
      <div className={classes.foot}>
        <Button
          variant="default"
          onClick={() => {
            setText("");
            change(NO_FILTER);
          }}
          data-testid="filter-clear"
        >
          Clear all
        </Button>
        <Button onClick={onClose} data-testid="filter-done">
          Done
        </Button>
      </div>
    </div>
  );
}

interface FileFieldsProps {
  filter: Filter;
  change: (changes: Partial<Filter>) => void;
  imports: { value: string; label: string }[];
}

function FileFields({ filter, change, imports }: FileFieldsProps) {
  const boundOf = (value: number | string) => (value === "" ? null : Number(value));
  const [smallest, largest] = filter.sidePx;
  const [from, to] = filter.added;
  return (
    <>
      <div className={classes.pair}>
        <NumberInput
          label="Shorter side, px"
          placeholder="from"
          min={1}
          hideControls
          value={smallest ?? ""}
          onChange={(value) => change({ sidePx: [boundOf(value), largest] })}
          data-testid="filter-side-from"
        />
        <NumberInput
          label=" "
          aria-label="Shorter side up to, px"
          placeholder="up to"
          min={1}
          hideControls
          value={largest ?? ""}
          onChange={(value) => change({ sidePx: [smallest, boundOf(value)] })}
          data-testid="filter-side-to"
        />
      </div>
      <div className={classes.pair}>
        <TextInput
          label="Added from"
          type="date"
          value={from}
          onChange={(event) => change({ added: [event.currentTarget.value, to] })}
          data-testid="filter-added-from"
        />
        <TextInput
          label="Added up to"
          type="date"
          value={to}
          onChange={(event) => change({ added: [from, event.currentTarget.value] })}
          data-testid="filter-added-to"
        />
      </div>
      <MultiSelect
        size="xs"
        clearable
        label="Import"
        placeholder={anyUnless(filter.imports)}
        comboboxProps={POPUP}
        data={imports}
        value={filter.imports.map(String)}
        onChange={(values) => change({ imports: idsOf(values) })}
        data-testid="filter-imports"
      />
    </>
  );
}
