-- 0012: statements of Longhaul in transactions of the app's own, whatever its driver.
--
-- Drivers disagree on how values go in and come out, and apps change that. One text goes in and texts
-- come out the same with all of them (docs/adr/0011).

insert into longhaul.migrations (number, name) values (12, 'run_statement');

-- `pieces` is a JSON array: text of the statement, a value, text, a value, …, text. Each value becomes a
-- literal, which Postgres gives a type as it does with a parameter. A row comes back as JSON.
create function longhaul.run_statement(pieces text) returns setof text
language plpgsql as $$
declare
  result_row record;
begin
  for result_row in execute (
    select string_agg(
      case
        when place % 2 = 1 then piece #>> '{}'
        when json_typeof(piece) = 'array' then
          quote_literal(array(select json_array_elements_text(piece))::text)
        else quote_nullable(piece #>> '{}')
      end, '' order by place)
    from json_array_elements(pieces::json) with ordinality as piece_at (piece, place)
  ) loop
    return next row_to_json(result_row);
  end loop;
end
$$;
revoke execute on function longhaul.run_statement from public;
grant execute on function longhaul.run_statement to longhaul_engine;
