package io.fulgur.conformance;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The engine with the kernels that ship with it, and in a second run with ND4J's alone. */
@Tag("kernels")
class BuiltInConformanceTest {
  @TestFactory
  Stream<DynamicNode> everyOperator() {
    return Conformance.everyOperator();
  }
}
