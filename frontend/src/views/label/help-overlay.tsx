import { Modal } from "@mantine/core";
import { useStore } from "zustand";
import { type AppAction, actionsByGroup, GESTURES, GRID_GESTURES } from "../../lib/actions";
import classes from "./help-overlay.module.css";
import { KeyCap } from "./key-cap";
import { useProject } from "./project-context";

/** All keys and gestures, made from the registry. */
export function HelpOverlay({ actions }: { actions: readonly AppAction[] }) {
  const { session } = useProject();
  const isOpen = useStore(session.screen, (screen) => screen.isHelpOpen);
  const listed = actions.filter((action) => action.hotkeys.length > 0 && !action.isPerClass);
  return (
    <Modal
      opened={isOpen}
      onClose={() => session.screen.setState({ isHelpOpen: false })}
      title="Keys and gestures"
      size={760}
      data-testid="help"
    >
      <div className={classes.columns}>
        <section>
          <h3 className={classes.group}>On the map</h3>
          {GESTURES.map(({ keys, title }) => (
            <div key={title} className={classes.entry}>
              <span>{title}</span>
              <span className={classes.gesture}>{keys.join(" + ")}</span>
            </div>
          ))}
        </section>
        <section>
          <h3 className={classes.group}>In the selection's grid</h3>
          {GRID_GESTURES.map(({ keys, title }) => (
            <div key={title} className={classes.entry}>
              <span>{title}</span>
              <span className={classes.gesture}>{keys.join(" + ")}</span>
            </div>
          ))}
        </section>
        {[...actionsByGroup(listed)].map(([group, members]) => (
          <section key={group}>
            <h3 className={classes.group}>{group}</h3>
            {group === "Label" && (
              <div className={classes.entry}>
                <span>Label the selection with a class</span>
                <span className={classes.gesture}>the class's key</span>
              </div>
            )}
            {members.map((action) => (
              <div key={action.id} className={classes.entry}>
                <span>{action.title}</span>
                <KeyCap hotkey={action.hotkeys[0]} />
              </div>
            ))}
          </section>
        ))}
      </div>
    </Modal>
  );
}
