-- SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
create table t(a integer primary key, b text, c real);
with recursive n(i) as (select 1 union all select i+1 from n where i<20000) insert into t select i, 'x'||(i*7919%1000), i*1.5 from n;
create index tb on t(b);
select b,count(*),sum(c) from t group by b order by 2 desc,1 limit 20;
select json_extract('{"a":[1,2,{"b":5}]}','$.a[2].b'), printf('%08.3f',3.14159);
pragma integrity_check;
explain query plan select * from t where b='x5' order by a;
