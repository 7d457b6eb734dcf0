import { keyCaps } from "../../lib/hotkeys";
import classes from "./key-cap.module.css";

const IS_MAC = navigator.platform.startsWith("Mac");

/** A hotkey as printed on the keyboard. */
export function KeyCap({ hotkey }: { hotkey: string }) {
  return (
    <span className={classes.caps}>
      {keyCaps(hotkey, IS_MAC).map((cap) => (
        <kbd key={cap} className={classes.cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
