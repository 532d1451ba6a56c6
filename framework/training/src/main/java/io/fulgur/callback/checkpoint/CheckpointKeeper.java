package io.fulgur.callback.checkpoint;

import io.fulgur.checkpoint.CheckpointIO;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides at each occasion which checkpoints are written and which have had their time, and carries
 * it out in the order in which nothing can be lost: write the new one, let {@code last} be it, then
 * delete the old ones. A process that is killed in between leaves one file too many.
 */
final class CheckpointKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCheckpoint.class);

  private final CheckpointOptions options;
  private SavedCheckpoints saved;

  /**
   * Where training stands when something is to be saved.
   *
   * @param folder where to save
   * @param step the number of optimizer steps
   * @param metrics what has been logged
   * @param writer writes a checkpoint of the present
   */
  record Occasion(
      CheckpointFolder folder, long step, Map<String, Double> metrics, Consumer<Path> writer) {}

  /**
   * What is to be done about the checkpoint of an occasion.
   *
   * @param own where it goes under its own name; null for nowhere
   * @param superseded what is to be deleted for it; null for nothing
   * @param then what has been saved then
   */
  private record Plan(@Nullable Path own, @Nullable Path superseded, SavedCheckpoints then) {}

  CheckpointKeeper(CheckpointOptions options) {
    this.options = options;
    this.saved = SavedCheckpoints.none(emptyRanking());
  }

  CheckpointRanking emptyRanking() {
    return CheckpointRanking.empty(options.mode(), options.saveTopK());
  }

  SavedCheckpoints saved() {
    return saved;
  }

  void restore(SavedCheckpoints restored) {
    saved = restored;
  }

  /** Saves the present if it is good enough, and as the last. Returns whether it was saved. */
  boolean save(Occasion at) {
    boolean done = options.saveTopK() == 0 || saved.savedStep() == at.step();
    return carryOut(at, done ? new Plan(null, null, saved) : topK(at));
  }

  /** Saves the present as the last only. Returns whether it was saved. */
  boolean saveLast(Occasion at) {
    return carryOut(at, new Plan(null, null, saved));
  }

  /** Saves the present as the last, wanted or not, also if one was saved at this step. */
  boolean saveLastAgain(Occasion at) {
    Path last = at.folder().free(options.lastFileName().format(at.metrics()), saved.lastPath());
    Path old = saved.lastPath();
    SavedCheckpoints before = saved;
    saved = saved.last(last, at.step());
    write(() -> at.writer().accept(last), before);
    at.folder().remove(old, last);
    return true;
  }

  /** Saves the present under a name of its own, whatever it is worth, for good, and as the last. */
  boolean saveUnranked(Occasion at, String name) {
    if (saved.savedStep() == at.step()) {
      return saveLast(at);
    }
    return carryOut(at, new Plan(at.folder().free(name, null), null, saved.savedAt(at.step())));
  }

  private Plan topK(Occasion at) {
    String monitor = options.monitor();
    if (monitor == null) {
      Path old = options.saveTopK() == 1 ? saved.bestPath() : null;
      Path own = at.folder().free(options.fileName().format(at.metrics()), old);
      return new Plan(own, old, saved.newest(own, at.step()));
    }
    Double logged = at.metrics().get(monitor);
    if (logged == null) {
      throw new IllegalArgumentException(monitor + " is not known yet");
    }
    CheckpointRanking ranking = saved.ranking();
    SavedCheckpoints scored = saved.scored(ranking.score(logged));
    if (!ranking.accepts(logged)) {
      tell(at, "{}: {} is not among the best {}", monitor, logged, options.saveTopK());
      return new Plan(null, null, scored);
    }
    Path own = at.folder().free(options.fileName().format(at.metrics()), ranking.nextToGo());
    CheckpointRanking.Change change = ranking.with(own, logged);
    return new Plan(own, change.evicted(), scored.ranked(change.ranking(), at.step()));
  }

  private boolean carryOut(Occasion at, Plan plan) {
    SavedCheckpoints before = saved;
    Path own = plan.own();
    Path oldLast = before.lastPath();
    Path last = nextLast(at);
    // What is written tells of itself, too.
    saved = last == null ? plan.then() : plan.then().last(last, at.step());
    Path written = own == null ? last : own;
    if (written == null) {
      return false;
    }
    write(() -> at.writer().accept(written), before);
    tell(at, "Saved {}", written);
    if (own != null && last != null) {
      write(() -> keepAsLast(at.folder().io(), own, last), plan.then());
    }
    at.folder().remove(plan.superseded(), own);
    if (last != null) {
      at.folder().remove(oldLast, last);
    }
    return true;
  }

  private @Nullable Path nextLast(Occasion at) {
    if (options.saveLast() == SaveLast.NO || saved.lastSavedStep() == at.step()) {
      return null;
    }
    return at.folder().free(options.lastFileName().format(at.metrics()), saved.lastPath());
  }

  private void keepAsLast(CheckpointIO io, Path own, Path last) {
    if (options.saveLast() == SaveLast.LINK) {
      io.link(own, last);
    } else {
      io.copy(own, last);
    }
  }

  /** Writes; if that fails, only what was before has been saved. */
  private void write(Runnable action, SavedCheckpoints before) {
    boolean done = false;
    try {
      action.run();
      done = true;
    } finally {
      if (!done) {
        saved = before;
      }
    }
  }

  private void tell(Occasion at, String what, Object... values) {
    if (options.verbose()) {
      LOG.info("At step " + at.step() + ": " + what, values);
    } else {
      LOG.debug(what, values);
    }
  }
}
