"""The kinds of faults that were found once, each by its name, and the tests that stand for it.

W: wrong numbers; C: crashes; N: said wrongly, or not said; the table of cures; M: minimise; T: tables; P: cost.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FAULTS = {
    "W1": ("small parts of the softmax family", "ops/test_small_parts.py::test_value_and_gradient"),
    "W2": ("an element that no index takes", "test_untaken.py::test_what_no_index_takes_contributes_nothing"),
    "W3": (
        "a missing rule is no zero", "ops/test_op_arrays.py::test_partials_by_corrections_and_orders",
        "ops/test_op_arrays.py::test_a_parameter_without_a_rule_is_refused",
        "test_missing_rules.py::test_every_command",
    ),
    "W4": ("arrays and one point agree", "ops/test_op_agreement.py::test_float64_is_as_one_point"),
    "W5": ("clamp with low == high", "test_conventions.py::test_convention"),
    "W6": (
        "an operand that is not used", "test_digits.py::test_floats_and_digits_agree_beside_nan_and_infinity",
        "test_digits.py::test_an_operand_that_is_not_used_may_be_nan",
    ),
    "W7": ("the Hessian of squared lengths", "test_squares.py::test_the_second_derivative_at_the_origin"),
    "W8": ("p-norms with a zero element", "ops/test_op_arrays.py::test_the_p_norm_where_an_element_is_zero"),
    "C1": ("where with literal branches", "test_tensors.py::test_literals_have_the_default_type"),
    "C2": ("one-sided slopes beside NaN", "test_notes.py::test_slopes_that_nobody_knows"),
    "C3": ("booleans and limits in corners", "test_cli_check.py::test_a_limit_beyond_any_timer"),
    "C4": ("missing", "test_missing_libraries.py::test_what_is_missing_is_named_with_the_line_that_installs_it"),
    "C5": ("Ctrl-C while something is imported", "test_cli_interrupts.py::test_an_import_is_brought_to_its_end_first"),
    "C6": (
        "flat starts and odd Hessians", "test_minimize_cli.py::test_a_flat_start_is_no_fault",
        "test_minimize.py::test_a_trial_without_a_hessian_shrinks_the_region",
    ),
    "C7": ("pickle and deepcopy", "test_copies.py::test_a_copy_of_a_function_gives_the_same_results"),
    "N1": ("underflow is told", "ops/test_op_underflow.py::test_a_zero_of_floats_alone_is_told"),
    "N2": (
        "notes under --digits", "test_digits.py::test_notes_are_of_what_is_printed",
        "test_digits.py::test_of_arrays_too_notes_are_of_what_is_printed",
    ),
    "N3": ("jumps below kinks, bare conditions", "test_notes.py::test_notes"),
    "N4": ("the culprit is the one that moves", "test_notes.py::test_notes"),
    "N5": ("which witness was heard", "test_witness.py::test_the_time_for_a_point_begins_when_sympy_is_there"),
    "N6": (
        "check and --digits serve arrays", "test_witness.py::test_both_witnesses_serve_arrays",
        "test_digits.py::test_a_point_of_numbers_with_an_operation_on_arrays",
        "test_digits.py::test_where_no_element_counts_the_partials_are_zeros",
    ),
    "N7": (
        "cures that cure", "test_foreign_words.py::test_what_is_typed_is_refused_and_the_cure_means_it",
        "test_language.py::test_readings_that_may_surprise_are_noted",
        "test_foreign_words.py::test_a_root_of_a_negative_number_shows_the_real_one",
        "test_foreign_words.py::test_a_library_that_is_no_prefix_is_told_by_its_name",
    ),
    "N8": ("control characters", "test_cli_foreign_text.py::test_no_control_character_reaches_a_stream"),
    "table of cures": (
        "what people type", "test_foreign_words.py::test_every_row_is_reached",
        "test_foreign_words.py::test_what_has_no_formula_gets_a_sentence_or_a_neighbour",
        "test_foreign_words.py::test_a_power_that_may_mean_another_is_noted",
        "test_cli_errors.py::test_the_text_and_the_status",
    ),
    "M1": ("no minimum is claimed", "test_minimize.py::test_no_minimum_is_claimed"),
    "M2": ("the last step is Newton's", "test_minimize.py::test_the_last_step_is_newtons"),
    "M3": (
        "a way down is found", "test_minimize.py::test_a_way_down_is_found",
        "test_minimize.py::test_at_kinks_the_slopes_on_the_sides_tell",
    ),
    "M4": (
        "Rosenbrock's chain", "test_minimize.py::test_rosenbrocks_chain_as_an_array_and_as_numbers",
        "test_minimize_cli.py::test_a_long_curved_valley_is_followed_to_its_end",
    ),
    "M5": (
        "the trace, --at, --maximize", "test_minimize_cli.py::test_the_trace_has_standard_output_to_itself",
        "test_minimize_cli.py::test_fixed_numbers_and_arrays",
        "test_minimize_cli.py::test_a_maximum",
        "test_minimize_cli.py::test_a_table_by_position",
    ),
    "T1": (
        "members of an archive", "test_tables_everywhere.py::test_members_of_an_archive_that_nobody_asked_for",
        "test_tables_everywhere.py::test_an_archive_without_members_and_one_with_a_name_in_latin_1",
    ),
    "T2": (
        "compressed, any name", "test_tables_everywhere.py::test_every_text_compressed_also_under_a_wrong_name",
        "test_tables_everywhere.py::test_content_that_the_name_denies_is_told_with_the_cure",
    ),
    "T3": (
        "names, pipes and long cells", "test_tables_everywhere.py::test_every_format_through_a_pipe",
        "test_tables_everywhere.py::test_every_format_under_a_name_that_says_nothing",
        "test_tables_everywhere.py::test_dev_stdin",
        "test_tables_everywhere.py::test_a_long_cell",
    ),
    "T4": ("long names of files", "test_tables_everywhere.py::test_names_as_long_as_a_file_may_have"),
    "T5": (
        "what instruments write", "test_tables_everywhere.py::test_rows_are_skipped_on_request_everywhere",
        "test_tables_everywhere.py::test_a_json_array",
        "test_tables_layout.py::test_what_instruments_write",
    ),
    "T6": (
        "a column called as a prefix", "test_tables_everywhere.py::test_a_column_with_the_name_of_a_prefix",
        "test_tables_everywhere.py::test_columns_whose_names_are_no_variables_are_offered",
    ),
    "T7": (
        "tables and numbers by place", "test_map.py::test_numbers_by_place_are_one_clear_sentence",
        "test_map.py::test_a_table_of_columns",
        "test_map.py::test_series_meet_by_their_indexes_or_not_at_all",
    ),
    "P1": ("what notes cost", "test_notes.py::test_what_is_worked_out_is_bounded"),
    "P2": ("changes in place are linear", "test_tensors.py::test_a_loop_of_changes_in_place_is_linear"),
    "P3": (
        "devices and sweeps without an end", "test_tables_everywhere.py::test_devices_without_an_end",
        "test_tables_everywhere.py::test_a_sweep_that_would_never_end",
    ),
}  # fmt: skip
NUMBERS = {"W": 8, "C": 7, "N": 8, "M": 5, "T": 7, "P": 3}


def test_every_kind_has_its_row() -> None:
    assert FAULTS.keys() == {f"{kind}{k + 1}" for kind, count in NUMBERS.items() for k in range(count)} | {
        "table of cures"
    }


@pytest.mark.parametrize(("what", "place"), [(what, place) for what, *places in FAULTS.values() for place in places])
def test_a_kind_of_fault_has_a_test(what: str, place: str) -> None:
    """A test that moves or gets another name takes its row along."""
    path, _, name = place.partition("::")
    text = (Path(__file__).parent / path).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", text, re.MULTILINE), (what, place)
