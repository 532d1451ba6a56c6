package io.fulgur.module;

import java.lang.reflect.Method;

/**
 * An annotated method that can be called.
 *
 * @param method where it stands, for messages
 * @param invoker calls it
 */
record BoundMethod(Method method, Invoker invoker) {}
