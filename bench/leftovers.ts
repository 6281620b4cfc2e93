/** What a run has to take away again: processes, folders, databases. */
export class Leftovers {
  private readonly undoings: (() => Promise<unknown>)[] = [];

  /** `undo` runs once, in `removeAll`, before everything that was added earlier. */
  add(undo: () => Promise<unknown>): void {
    this.undoings.push(undo);
  }

  /** Takes everything away, also when a part of it fails. Throws what failed first. */
  async removeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let undo = this.undoings.pop(); undo !== undefined; undo = this.undoings.pop()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
