import { Loader, UnstyledButton } from "@mantine/core";
import { IconEye, IconEyeOff, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { importsQuery } from "../../api/queries";
import { NO_FILTER, setKeys } from "../../lib/filter";
import { formatCount } from "../../lib/format";
import { changeFilter } from "../../state/filter";
import classes from "./filter-bar.module.css";
import { filterWords } from "./filter-words";
import { useProject } from "./project-context";
import { useAnnotatorNames } from "./use-label-facts";

/** What the filter asks for and how many images pass; each part can be taken away. */
export function FilterBar() {
  const { session } = useProject();
  const isOn = useStore(session.filter, (state) => setKeys(state.filter).length > 0);
  return isOn ? <Bar /> : null;
}

function Bar() {
  const { session, classById } = useProject();
  const { filter, hidesRest, numPassing, isLoading } = useStore(session.filter);
  const numImages = useStore(session.map, (state) => state.data?.numPresent ?? 0);
  const annotators = useAnnotatorNames(filter.annotators.length > 0);
  const imports = useQuery({ ...importsQuery(session.projectId), enabled: filter.imports.length > 0 });
  const names = {
    className: (id: number) => classById.get(id)?.name ?? "a class that is gone",
    annotator: (id: number) => annotators.get(id) ?? "…",
    importName: (id: number) => imports.data?.find((entry) => entry.id === id)?.name ?? "…",
  };
  return (
    <section
      className={classes.bar}
      aria-label="Filter in force"
      data-testid="filter-bar"
      data-passing={numPassing}
    >
      <span className={`${classes.count} num`} role="status">
        {isLoading ? <Loader size={12} color="gray" /> : formatCount(numPassing)} of {formatCount(numImages)}
      </span>
      {setKeys(filter).map((key) => (
        <UnstyledButton
          key={key}
          className={classes.chip}
          onClick={() => changeFilter(session.filter, { [key]: NO_FILTER[key] })}
          aria-label={`Take away: ${filterWords(filter, key, names)}`}
        >
          <span className="truncate">{filterWords(filter, key, names)}</span>
          <IconX size={11} />
        </UnstyledButton>
      ))}
      <UnstyledButton
        className={classes.chip}
        onClick={() => session.filter.setState({ hidesRest: !hidesRest })}
        aria-pressed={hidesRest}
        data-testid="filter-hide"
      >
        {hidesRest ? <IconEyeOff size={13} /> : <IconEye size={13} />}{" "}
        {hidesRest ? "Rest hidden" : "Hide the rest"}
      </UnstyledButton>
    </section>
  );
}
