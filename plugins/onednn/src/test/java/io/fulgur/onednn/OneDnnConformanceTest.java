package io.fulgur.onednn;

import io.fulgur.conformance.Conformance;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every operator with this provider asked first. */
class OneDnnConformanceTest {
  @TestFactory
  Stream<DynamicNode> everyOperator() {
    return Conformance.everyOperator();
  }
}
