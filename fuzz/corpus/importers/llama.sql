INSERT INTO llama_bench (build_commit, model_type, n_prompt, n_gen, avg_ts) VALUES ('7f', 'llama ''8B'' Q4', '0', '128', '64.0');
