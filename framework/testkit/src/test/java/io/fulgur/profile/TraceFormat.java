package io.fulgur.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads a trace and holds it against the trace-event format: every field of the right type and no
 * other, every thread named, and events of a thread within each other or apart, which Perfetto
 * cannot show otherwise.
 */
final class TraceFormat {
  private static final ObjectMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private static final Set<String> CATEGORIES = Set.of("action", "operator", "copy");

  private final List<Event> events = new ArrayList<>();
  private final Map<Integer, String> threads = new HashMap<>();
  private final Set<Integer> used = new HashSet<>();
  private String process = "";

  /** A complete event, in nanoseconds. */
  record Event(int thread, String name, String category, long start, long end, JsonNode args) {
    boolean contains(Event other) {
      return thread == other.thread && start <= other.start && other.end <= end;
    }
  }

  private TraceFormat() {}

  static TraceFormat read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static TraceFormat parse(String json) throws IOException {
    TraceFormat format = new TraceFormat();
    JsonNode root = STRICT.readTree(json);
    assertThat(root.isArray()).isTrue();
    root.forEach(format::check);
    format.checkThreads();
    format.checkNesting();
    return format;
  }

  private void check(JsonNode event) {
    assertThat(event.path("name").isTextual()).as("%s", event).isTrue();
    assertThat(event.path("name").textValue()).isNotEmpty();
    assertThat(event.path("pid").longValue()).isEqualTo(ProcessHandle.current().pid());
    assertThat(event.path("tid").isInt()).as("%s", event).isTrue();
    used.add(event.path("tid").intValue());
    switch (event.path("ph").asText()) {
      case "X" -> checkComplete(event);
      case "M" -> checkMetadata(event);
      default -> throw new AssertionError("No phase of ours: " + event);
    }
  }

  private void checkComplete(JsonNode event) {
    assertThat(event.fieldNames())
        .toIterable()
        .isSubsetOf("name", "ph", "pid", "tid", "cat", "ts", "dur", "args");
    assertThat(event.path("cat").asText()).isIn(CATEGORIES);
    assertThat(event.path("args").isMissingNode() || event.path("args").isObject()).isTrue();
    long start = nanos(event.path("ts"));
    long duration = nanos(event.path("dur"));
    events.add(
        new Event(
            event.path("tid").intValue(),
            event.path("name").textValue(),
            event.path("cat").textValue(),
            start,
            start + duration,
            event.path("args")));
  }

  /** Microseconds with the nanoseconds behind the point. */
  private static long nanos(JsonNode micros) {
    assertThat(micros.isNumber()).as("%s", micros).isTrue();
    BigDecimal value = micros.decimalValue();
    assertThat(value.signum()).as("%s", micros).isNotNegative();
    return value.movePointRight(3).longValueExact();
  }

  private void checkMetadata(JsonNode event) {
    assertThat(event.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("name", "ph", "pid", "tid", "args");
    JsonNode args = event.path("args");
    int thread = event.path("tid").intValue();
    switch (event.path("name").textValue()) {
      case "process_name" -> process = args.path("name").textValue();
      case "thread_name" ->
          assertThat(threads.put(thread, args.path("name").textValue())).as("%s", event).isNull();
      case "thread_sort_index" -> assertThat(args.path("sort_index").isInt()).isTrue();
      default -> throw new AssertionError("No metadata of ours: " + event);
    }
  }

  private void checkThreads() {
    assertThat(process).startsWith("fulgur ");
    // Perfetto makes a thread of each number, 0 being the main one, which has that of the process.
    assertThat(threads.keySet()).isEqualTo(used).contains((int) ProcessHandle.current().pid());
  }

  private void checkNesting() {
    events.sort(
        Comparator.comparingInt(Event::thread)
            .thenComparingLong(Event::start)
            .thenComparing(Comparator.comparingLong(Event::end).reversed()));
    Deque<Event> open = new ArrayDeque<>();
    for (Event event : events) {
      while (!open.isEmpty()
          && (open.peek().thread() != event.thread() || open.peek().end() <= event.start())) {
        open.pop();
      }
      if (!open.isEmpty()) {
        assertThat(open.peek().contains(event)).as("%s in %s", event, open.peek()).isTrue();
      }
      open.push(event);
    }
  }

  /** Returns all events by thread and time. */
  List<Event> events() {
    return events;
  }

  List<Event> events(String name) {
    return events.stream().filter(event -> event.name().equals(name)).toList();
  }

  /** Returns the events directly or indirectly inside another. */
  List<Event> inside(Event outer) {
    return events.stream().filter(event -> !event.equals(outer) && outer.contains(event)).toList();
  }

  String process() {
    return process;
  }

  String thread(Event event) {
    return threads.get(event.thread());
  }

  /** Returns what the threads of a name have done, each name once. */
  Set<String> names(String thread) {
    return events.stream()
        .filter(event -> thread(event).equals(thread))
        .map(Event::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  Map<Integer, String> threads() {
    return threads;
  }
}
