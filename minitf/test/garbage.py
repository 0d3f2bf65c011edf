"""Whether a test leaves objects that refer to each other in a circle."""
import gc


def no_garbage(run):
    """Call the function: AssertionError when it leaves what only the collector of cycles frees."""
    flags, enabled = gc.get_debug(), gc.isenabled()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    before = len(gc.garbage)
    try:
        result = run()
        gc.collect()
        left = gc.garbage[before:]
        assert not left, (
            f"{len(left)} objects are left that refer to each other in a circle, such as "
            f"{', '.join(sorted({type(each).__name__ for each in left})[:5])}"
        )
    finally:
        del gc.garbage[before:]
        gc.set_debug(flags)
        if enabled:
            gc.enable()
    return result
