/** The images that changed most since the model before: their class, or who lies beside them. */
import { SegmentedControl, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useStore } from "zustand";
import type { ChangesBy } from "../../api/explore-queries";
import { messageOf } from "../../api/problem";
import { imageUrl } from "../../api/queries";
import type { Change } from "../../api/types";
import { formatCount, formatPercent } from "../../lib/format";
import { setSelection } from "../../state/selection";
import { useProject } from "../label/project-context";
import classes from "./explore.module.css";
import { useChanges, useLayoutView } from "./use-explored";

const BY: readonly { value: ChangesBy; label: string }[] = [
  { value: "both", label: "Both" },
  { value: "class", label: "Class" },
  { value: "neighbourhood", label: "Neighbours" },
];

export function ChangeList() {
  const { session } = useProject();
  const [by, setBy] = useState<ChangesBy>("both");
  const { data, error, isPending } = useChanges(useLayoutView(), by);
  if (error) return <p className={classes.note}>Changes could not be read: {messageOf(error)}</p>;
  if (isPending) return <p className={classes.note}>Comparing the last two models…</p>;
  if (data.from_version == null) {
    return (
      <p className={classes.note} data-testid="no-changes">
        Changes show when there are two models to compare.
      </p>
    );
  }
  const selectAll = () => {
    const indexes = Uint32Array.from(data.items.map(({ index }) => index)).sort();
    setSelection(session.selection, indexes, { gesture: "grid", now_ms: performance.now() });
  };
  return (
    <>
      <p className={`${classes.summary} num`}>
        Model {data.from_version} to {data.to_version}: {formatCount(data.num_class_changed)} changed class
      </p>
      {data.are_places_compared ? (
        <SegmentedControl
          size="xs"
          fullWidth
          value={by}
          onChange={(value) => setBy(value as ChangesBy)}
          data={[...BY]}
          aria-label="What counts as change"
          data-testid="changes-by"
        />
      ) : (
        <p className={classes.note} data-testid="places-not-compared">
          Only classes are compared: the maps of these two were made with different options, so places say
          nothing.
        </p>
      )}
      <ul className={classes.list}>
        {data.items.map((change) => (
          <ChangeRow key={change.index} change={change} />
        ))}
      </ul>
      {data.items.length === 0 ? (
        <p className={classes.note}>Nothing changed.</p>
      ) : (
        <UnstyledButton className={classes.all} onClick={selectAll} data-testid="select-changed">
          Select these {data.items.length}
        </UnstyledButton>
      )}
    </>
  );
}

function ChangeRow({ change }: { change: Change }) {
  const { session, classById } = useProject();
  const isMarked = useStore(session.explore, (state) => state.marked === change.index);
  const mark = (marked: number | null) => {
    session.explore.setState({ marked });
    session.screen.setState({ hovered: marked });
  };
  const name = (classId: number) => classById.get(classId)?.name ?? "archived class";
  const isOther = change.class_id !== change.class_id_before;
  const select = () =>
    setSelection(session.selection, Uint32Array.of(change.index), {
      gesture: "grid",
      now_ms: performance.now(),
    });
  return (
    <li
      className={classes.row}
      data-marked={isMarked}
      onPointerEnter={() => mark(change.index)}
      onPointerLeave={() => mark(null)}
    >
      <UnstyledButton
        className={classes.main}
        onClick={select}
        onDoubleClick={() => session.screen.setState({ openImage: change.index })}
        onFocus={() => mark(change.index)}
        onBlur={() => mark(null)}
        data-testid={`change-${change.index}`}
      >
        <img
          className={classes.thumbnail}
          src={imageUrl(session.projectId, change.index, "thumbnail")}
          alt=""
        />
        <span className={classes.words}>
          <span className="truncate">
            {isOther ? `${name(change.class_id_before)} → ${name(change.class_id)}` : name(change.class_id)}
          </span>
          <span className={`${classes.dim} num`}>
            {change.lost_neighbours !== null &&
              `Neighbours ${formatPercent(change.lost_neighbours, 0)} new, `}
            class {formatPercent(change.class_shift, 0)}
          </span>
        </span>
      </UnstyledButton>
    </li>
  );
}
