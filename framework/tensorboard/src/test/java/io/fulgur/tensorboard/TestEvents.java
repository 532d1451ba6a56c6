package io.fulgur.tensorboard;

import java.nio.file.Path;
import java.util.List;
import org.tensorflow.proto.Event;

/** What several tests say of events. */
final class TestEvents {
  private TestEvents() {}

  static Event ofStep(long step) {
    return Event.newBuilder().setStep(step).build();
  }

  /** Reads the events behind the file version, which has to be there. */
  static List<Event> read(Path fileOrFolder) {
    try (EventFileReader reader = EventFileReader.open(fileOrFolder)) {
      List<Event> events = reader.events().toList();
      if (!events.get(0).getFileVersion().equals("brain.Event:2")) {
        throw new AssertionError("No file version first: " + events.get(0));
      }
      return events.subList(1, events.size());
    }
  }

  static List<Long> steps(Path file) {
    return read(file).stream().map(Event::getStep).toList();
  }
}
